using System.Globalization;
using Deployster.Application.Routing;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;
using Microsoft.OpenApi;

namespace Deployster.Api.OpenApi;

/// <summary>The rules that parameters and the fields of requests are held to, by their names.</summary>
internal static class FieldRules
{
    private static readonly Dictionary<string, Action<OpenApiSchema>> s_rules = new()
    {
        ["service"] = schema => (schema.Pattern, schema.MaxLength) = (ServiceName.Pattern, ServiceName.MaxLength),
        ["version"] = schema => (schema.Pattern, schema.MaxLength) = (VersionTag.Pattern, VersionTag.MaxLength),
        ["timestamp"] = schema => schema.Pattern = DeployTimestamp.Pattern,
        ["memory"] = schema => schema.Pattern = MemorySize.Pattern,
        ["path"] = schema => schema.Pattern = HealthCheck.PathPattern,
        ["limit"] = schema => Between(schema, 1, 200),
        ["instance_count"] = schema => Between(schema, 1, DeploySpec.MaxInstanceCount),
        ["port"] = schema => Between(schema, 1, 65535),
        ["cpus"] = schema => Between(schema, 0.01m, 1024),
        ["min_healthy_seconds"] = schema => Between(schema, 0, 3600),
        ["deadline"] = schema => Between(schema, 1, (decimal)DeploySpec.MaxTime.TotalSeconds),
        ["interval"] = schema => Between(schema, 1, 300),
        ["timeout"] = schema => Between(schema, 1, 60),
        ["task.timeout"] = schema => Between(schema, 1, (decimal)TaskSettings.MaxTimeout.TotalSeconds),
        ["gateway"] = schema => schema.Pattern = FollowRoutes.GatewayPattern,
        ["id"] = schema => schema.Pattern = TaskId.Pattern,
        ["tail"] = schema => schema.Minimum = "0",
        ["env"] = schema => schema.MaxProperties = 500,
        ["hosts"] = schema => (schema.MaxItems, schema.UniqueItems) = (500, true),
        ["volumes"] = schema => schema.MaxItems = 500,
    };

    /// <summary>Adds what a field's name says of its values.</summary>
    public static void Apply(string field, IOpenApiSchema? schema)
    {
        var isNumbered = field == "version" && schema?.Type?.HasFlag(JsonSchemaType.Integer) == true;
        if (!isNumbered && schema is OpenApiSchema own && s_rules.TryGetValue(field, out var rule))
        {
            rule(own);
        }
    }

    private static void Between(OpenApiSchema schema, decimal least, decimal most)
    {
        schema.Minimum = least.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = most.ToString(CultureInfo.InvariantCulture);
    }
}
