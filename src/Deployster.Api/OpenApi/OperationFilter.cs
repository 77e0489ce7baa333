using System.Globalization;
using System.Reflection;
using Deployster.Api.Controllers;
using Deployster.Api.Security;
using Deployster.Api.Streaming;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Adds to each operation its other answers (texts, problems), its headers, and examples of all answers.</summary>
internal sealed class OperationFilter : IOperationFilter
{
    private const string Json = "application/json";
    private const string Text = "text/plain";
    private const string ProblemJson = "application/problem+json";

    // Generators of clients take the type of a 200 for that of every answer, so that where an action creates something,
    // its other ways to answer must be described apart.
    private const string Ok = "200";
    private const string Otherwise = "default";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses!;
        DescribeFurther(responses, context);
        DescribeRequest(operation, context);
        foreach (var (status, response) in responses)
        {
            foreach (var (mediaType, content) in response.Content ?? new Dictionary<string, IOpenApiMediaType>())
            {
                ((OpenApiMediaType)content).Example = Examples.Find($"{operation.OperationId}.{status}", mediaType);
            }
        }

        foreach (var status in ProblemsOf(operation, context))
        {
            responses[status.ToString(CultureInfo.InvariantCulture)] = ProblemResponse(status, context);
        }

        foreach (var (status, response) in responses)
        {
            DescribeHeaders(status, (OpenApiResponse)response, context.MethodInfo);
        }

        operation.Responses = [];
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            operation.Responses[status] = response;
        }
    }

    private static void DescribeFurther(OpenApiResponses responses, OperationFilterContext context)
    {
        foreach (var further in context.MethodInfo.GetCustomAttributes<AlsoProducesAttribute>())
        {
            var status = responses.ContainsKey("201") ? Otherwise : Ok;
            var known = responses.TryGetValue(status, out var response) && response.Content?.Count > 0 ? (OpenApiResponse)response : new OpenApiResponse();
            known.Description = known.Description is null ? further.When : $"{known.Description} {further.When}";
            known.Content ??= new Dictionary<string, IOpenApiMediaType>();
            known.Content[further.MediaType] = new OpenApiMediaType
            {
                Schema = further.Type == typeof(Stream)
                    ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }
                    : context.SchemaGenerator.GenerateSchema(further.Type, context.SchemaRepository),
            };
            if (further.EventType is { } data)
            {
                context.SchemaGenerator.GenerateSchema(data, context.SchemaRepository);
            }

            responses[status] = known;
        }
    }

    private static void DescribeHeaders(string status, OpenApiResponse response, MethodInfo action)
    {
        (string Name, string Description)? header = status switch
        {
            "201" or "202" => ("Location", "The path of the created resource."),
            "401" => ("WWW-Authenticate", "How to log in."),
            "429" => ("Retry-After", "The number of seconds to wait before the next attempt."),
            Ok when action.DeclaringType == typeof(TasksController) && response.Content!.ContainsKey(Text) =>
                (TaskOutputResponse.IdHeader, "The task's id."),
            _ => null,
        };
        if (header is var (name, description))
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                [name] = new OpenApiHeader
                {
                    Description = description,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }
    }

    private static void DescribeRequest(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body)
        {
            return;
        }

        // Whatever else the framework lists is another name of the same.
        var json = (OpenApiMediaType)content[Json];
        json.Example = Examples.Find($"{operation.OperationId}.request", Json);
        body.Required = context.ApiDescription.ParameterDescriptions.All(parameter =>
            parameter.ParameterDescriptor?.BindingInfo?.EmptyBodyBehavior != EmptyBodyBehavior.Allow);
        body.Content = new Dictionary<string, IOpenApiMediaType> { [Json] = json };
    }

    private static HashSet<int> ProblemsOf(OpenApiOperation operation, OperationFilterContext context)
    {
        HashSet<int> statuses =
        [
            StatusCodes.Status401Unauthorized,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status500InternalServerError,
        ];

        // An id against the rule is unknown, as one that follows it may be.
        if (operation.Parameters?.Any(parameter => parameter.Name != "id") == true || operation.RequestBody is not null)
        {
            statuses.Add(StatusCodes.Status400BadRequest);
        }

        if (operation.RequestBody is not null)
        {
            statuses.UnionWith([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        }

        if (!CrossSiteGuard.IsSafe(context.ApiDescription.HttpMethod!))
        {
            statuses.Add(StatusCodes.Status403Forbidden);
        }

        statuses.UnionWith(context.MethodInfo.GetCustomAttribute<ProblemsAttribute>()?.Statuses ?? []);
        return statuses;
    }

    private static OpenApiResponse ProblemResponse(int status, OperationFilterContext context) => new()
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
}
