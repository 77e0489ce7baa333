using Deployster.Api.Authentication;
using Deployster.Application;
using Deployster.Domain.Rollouts;
using Deployster.Gateway.Standalone;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Describes the API as an OpenAPI document, and serves a page to try it in a browser.</summary>
internal static class OpenApiSetup
{
    public const string DocumentPath = "/swagger/v1/swagger.json";

    private const string DocumentName = "v1";

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(DocumentName, new OpenApiInfo
            {
                Title = "Deployster",
                Version = DocumentName,
                Description = "Deploys container images by convention.",
            });
            swagger.IncludeXmlComments(typeof(OpenApiSetup).Assembly, includeControllerXmlComments: false);
            swagger.IncludeXmlComments(typeof(DeployStatus).Assembly);
            swagger.IncludeXmlComments(typeof(DrainedBody).Assembly);
            swagger.SupportNonNullableReferenceTypes();
            swagger.MapType<CommandText>(CommandSchema);
            swagger.SchemaFilter<ContractSchemaFilter>();
            swagger.SchemaFilter<SpecSchemaFilter>();
            swagger.ParameterFilter<ParameterFilter>();
            swagger.OperationFilter<OperationFilter>();
            swagger.DocumentFilter<TagOrder>();
            swagger.DocumentFilter<WebhookFilter>();
            swagger.AddSecurityDefinition(
                BasicAuthenticationHandler.SchemeName,
                new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic" });
            swagger.AddSecurityRequirement(document => new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(BasicAuthenticationHandler.SchemeName, document)] = [],
            });
        });
    }

    /// <summary>Serves the document, <c>?version=3.1</c> or 3.0, and a page to try the API. Both require a login like the other paths.</summary>
    public static void MapOpenApi(this WebApplication app)
    {
        app.MapGet(DocumentPath, WriteDocumentAsync);

        // For its own paths alone: it matches every request that it sees against expressions that are built at run time.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), branch => branch.UseSwaggerUI(page =>
        {
            page.DocumentTitle = "Deployster";
            page.SwaggerEndpoint("v1/swagger.json", "OpenAPI 3.0");
            page.SwaggerEndpoint("v1/swagger.json?version=3.1", "OpenAPI 3.1");
            page.EnableTryItOutByDefault();
            page.DisplayRequestDuration();
            page.EnableDeepLinking();
            page.DefaultModelsExpandDepth(0);
        }));
    }

    private static async Task WriteDocumentAsync(HttpContext context) => await (await CreateDocumentAsync(context)).ExecuteAsync(context);

    private static async Task<IResult> CreateDocumentAsync(HttpContext context)
    {
        OpenApiSpecVersion? format = (string?)context.Request.Query["version"] switch
        {
            null or "3.0" => OpenApiSpecVersion.OpenApi3_0,
            "3.1" => OpenApiSpecVersion.OpenApi3_1,
            _ => null,
        };
        if (format is null)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["version"] = ["must be 3.0 or 3.1."] });
        }

        var document = await context.RequestServices.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(DocumentName, null, null);
        if (format == OpenApiSpecVersion.OpenApi3_0)
        {
            WebhookFilter.Remove(document);
        }

        return Results.Text(await document.SerializeAsJsonAsync(format.Value, context.RequestAborted), "application/json");
    }

    private static OpenApiSchema CommandSchema() => new()
    {
        OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        ],
    };
}
