using System.Text.Json.Nodes;
using Deployster.Api.Contracts;
using Deployster.Application.Webhooks;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>Describes what receivers of <c>-webhook</c> are told. Only OpenAPI 3.1 and later have words for it.</summary>
internal sealed class WebhookFilter : IDocumentFilter
{
    private const string Json = "application/json";

    private static readonly (string Event, string Summary)[] s_ofDeploys =
    [
        (WebhookNames.DeployRequested, "A deploy was requested"),
        (WebhookNames.DeploySucceeded, "A deploy has succeeded"),
        (WebhookNames.DeployFailed, "A deploy has failed"),
        (WebhookNames.DeployRolledBack, "A deploy was rolled back because it failed"),
        (WebhookNames.DeployCancelled, "A deploy was cancelled"),
    ];

    private static readonly (string Event, string Summary)[] s_ofTasks = [(WebhookNames.TaskEnded, "A task has ended")];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Webhooks = new Dictionary<string, IOpenApiPathItem>();
        Add<DeployWebhook>(swaggerDoc, context, s_ofDeploys, ExampleOf("deploy", "getDeploy.200", WebhookNames.DeploySucceeded));
        Add<TaskWebhook>(swaggerDoc, context, s_ofTasks, ExampleOf("task", "getTask.200", WebhookNames.TaskEnded));
    }

    /// <summary>Takes the description out again, for a document of OpenAPI 3.0.</summary>
    public static void Remove(OpenApiDocument document)
    {
        document.Webhooks = null;
        document.Components?.Schemas?.Remove(nameof(DeployWebhook));
        document.Components?.Schemas?.Remove(nameof(TaskWebhook));
    }

    private static void Add<TBody>(
        OpenApiDocument document, DocumentFilterContext context, (string Event, string Summary)[] events, JsonNode? example)
    {
        var body = context.SchemaGenerator.GenerateSchema(typeof(TBody), context.SchemaRepository);
        var schema = (OpenApiSchema)context.SchemaRepository.Schemas[typeof(TBody).Name];
        ((OpenApiSchema)schema.Properties!["event"]).Enum = [.. events.Select(item => (JsonNode)item.Event)];
        foreach (var (name, summary) in events)
        {
            var request = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Json] = new OpenApiMediaType { Schema = body, Example = example?["event"]?.GetValue<string>() == name ? example : null },
                },
            };
            document.Webhooks![name] = new OpenApiPathItem
            {
                Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = Describe(name, summary, request) },
            };
        }
    }

    private static OpenApiOperation Describe(string name, string summary, OpenApiRequestBody request) => new()
    {
        OperationId = name,
        Summary = summary,
        Description = "Sent to each URL of `-webhook`. A URL that begins with `slack+` gets `{\"text\": …}` alone, "
            + "with `&`, `<` and `>` as `&amp;`, `&lt;` and `&gt;`.",
        Parameters =
        [
            Header(WebhookHeaders.Event, "The event.", isRequired: true),
            Header(WebhookHeaders.Delivery, "The id of the delivery. It stays the same if the delivery is repeated.", isRequired: true),
            Header(
                WebhookHeaders.Signature,
                "`sha256=` and the HMAC-SHA256 of the body in hexadecimal digits, by the key of `-webhook-secret-file`; missing without that file.",
                isRequired: false),
        ],
        RequestBody = request,
        Responses = new OpenApiResponses
        {
            ["2XX"] = new OpenApiResponse { Description = "The receiver has taken it." },
            ["408"] = new OpenApiResponse { Description = "It is repeated, for an hour." },
            ["429"] = new OpenApiResponse { Description = "It is repeated, for an hour, and not before the time of `Retry-After`." },
            ["5XX"] = new OpenApiResponse { Description = "It is repeated, for an hour, and not before the time of `Retry-After`." },
            ["default"] = new OpenApiResponse { Description = "It is dropped. Redirects are not followed." },
        },
        Security = [],
    };

    private static OpenApiParameter Header(string name, string description, bool isRequired) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = isRequired,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    // The answer of a real run, as a receiver sees it.
    private static JsonObject? ExampleOf(string subject, string example, string name)
    {
        if (Examples.Find(example, Json) is not JsonObject shown)
        {
            return null;
        }

        if (shown["spec"]?["env"] is JsonObject env)
        {
            shown["instances"] = new JsonArray();
            foreach (var variable in env.Select(variable => variable.Key).ToList())
            {
                env[variable] = null;
            }
        }

        var text = subject == "task"
            ? $"Task {string.Join(' ', shown["command"]!.AsArray())} of {shown["service"]}:{shown["version"]} ended: Exited ({shown["exit_code"]})"
            : $"Deploy of {shown["service"]}:{shown["version"]} succeeded: {shown["message"]}";
        return new JsonObject { ["event"] = name, ["text"] = text, [subject] = shown };
    }
}
