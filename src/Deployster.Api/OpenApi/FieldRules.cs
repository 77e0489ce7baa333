using System.Globalization;
using Deployster.Application.Routing;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using Deployster.Domain.Tasks;
using Microsoft.OpenApi;

namespace Deployster.Api.OpenApi;

/// <summary>The rules for parameters and for the fields of requests, by name.</summary>
internal static class FieldRules
{
    private static readonly Dictionary<string, Action<OpenApiSchema>> s_rules = new()
    {
        ["service"] = schema => (schema.Pattern, schema.MaxLength) = (ServiceName.Pattern, ServiceName.MaxLength),
        ["version"] = schema => (schema.Pattern, schema.MaxLength) = (VersionTag.Pattern, VersionTag.MaxLength),
        ["timestamp"] = schema => schema.Pattern = DeployTimestamp.Pattern,
        ["limit"] = schema => Between(schema, 1, 200),
        ["task.timeout"] = schema => Between(schema, 1, (decimal)TaskSettings.MaxTimeout.TotalSeconds),
        ["gateway"] = schema => schema.Pattern = FollowRoutes.GatewayPattern,
        ["id"] = schema => schema.Pattern = TaskId.Pattern,
        ["tail"] = schema => schema.Minimum = "0",
    };

    /// <summary>Adds the rules for the field with this name.</summary>
    public static void Apply(string field, IOpenApiSchema? schema)
    {
        var isNumbered = field == "version" && schema?.Type?.HasFlag(JsonSchemaType.Integer) == true;
        if (isNumbered || schema is not OpenApiSchema own)
        {
            return;
        }

        if (s_rules.TryGetValue(field, out var rule))
        {
            rule(own);
        }
        else if (SpecFields.Find(field) is { } declared)
        {
            Apply(declared.Shape, own);
        }
    }

    /// <summary>Adds the declared limits of a field of a spec.</summary>
    public static void Apply(FieldShape shape, OpenApiSchema schema)
    {
        schema.Minimum = shape.Least?.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = shape.Most?.ToString(CultureInfo.InvariantCulture);
        schema.Pattern = shape.Pattern;
        schema.MaxItems = shape.Kind == JsonKind.TextsByName ? null : shape.MaxEntries;
        schema.MaxProperties = shape.Kind == JsonKind.TextsByName ? shape.MaxEntries : null;
        schema.UniqueItems = shape.HasUniqueEntries ? true : null;
    }

    private static void Between(OpenApiSchema schema, decimal least, decimal most)
    {
        schema.Minimum = least.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = most.ToString(CultureInfo.InvariantCulture);
    }
}
