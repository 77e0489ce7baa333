using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Adds to each operation what it answers besides its resource: texts, problems, headers; and examples of it all.</summary>
internal sealed class OperationFilter : IOperationFilter
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses!;
        DescribeOk(responses, context);
        DescribeRequest(operation);
        foreach (var (status, response) in responses)
        {
            foreach (var (mediaType, content) in response.Content ?? new Dictionary<string, IOpenApiMediaType>())
            {
                ((OpenApiMediaType)content).Example = Examples.Find($"{operation.OperationId}.{status}", mediaType);
            }
        }

        foreach (var status in ProblemsOf(operation, context.MethodInfo).Order())
        {
            responses[status.ToString(CultureInfo.InvariantCulture)] = ProblemResponse(status, context);
        }
    }

    private static void DescribeOk(OpenApiResponses responses, OperationFilterContext context)
    {
        foreach (var further in context.MethodInfo.GetCustomAttributes<AlsoProducesAttribute>())
        {
            var known = responses.TryGetValue("200", out var ok) && ok.Content?.Count > 0 ? (OpenApiResponse)ok : new OpenApiResponse();
            known.Description = known.Description is null ? further.When : $"{known.Description} {further.When}";
            known.Content ??= new Dictionary<string, IOpenApiMediaType>();
            known.Content[further.MediaType] = new OpenApiMediaType
            {
                Schema = further.Type == typeof(Stream)
                    ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
                    : context.SchemaGenerator.GenerateSchema(further.Type, context.SchemaRepository),
            };
            responses["200"] = known;
        }

        foreach (var (_, response) in responses.Where(response => response.Key is "201" or "202"))
        {
            ((OpenApiResponse)response).Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Location"] = new OpenApiHeader
                {
                    Description = "Where it can be read.",
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }
    }

    private static void DescribeRequest(OpenApiOperation operation)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body)
        {
            return;
        }

        // Whatever else the framework lists is another name of the same.
        var json = (OpenApiMediaType)content[Json];
        json.Example = Examples.Find($"{operation.OperationId}.request", Json);
        body.Required = true;
        body.Content = new Dictionary<string, IOpenApiMediaType> { [Json] = json };
    }

    private static HashSet<int> ProblemsOf(OpenApiOperation operation, MethodInfo action)
    {
        HashSet<int> statuses = [StatusCodes.Status401Unauthorized, StatusCodes.Status500InternalServerError];
        if (operation.Parameters?.Count > 0 || operation.RequestBody is not null)
        {
            statuses.Add(StatusCodes.Status400BadRequest);
        }

        if (operation.RequestBody is not null)
        {
            statuses.UnionWith([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        }

        statuses.UnionWith(action.GetCustomAttribute<ProblemsAttribute>()?.Statuses ?? []);
        return statuses;
    }

    private static OpenApiResponse ProblemResponse(int status, OperationFilterContext context)
    {
        var response = new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Content = new Dictionary<string, IOpenApiMediaType>
            {
                [ProblemJson] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
                    Example = Examples.Find($"problem.{status}", ProblemJson),
                },
            },
        };
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["WWW-Authenticate"] = new OpenApiHeader
                {
                    Description = "How to log in.",
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }

        return response;
    }
}
