using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Deployster.Api.Contracts;
using Deployster.Gateway.Standalone;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Deployster.Api.OpenApi;

/// <summary>
/// Describes which fields of each contract are required and which may be null. In an answer all fields are required. In a
/// request only some are, and unknown fields are not allowed.
/// </summary>
internal sealed class ContractSchemaFilter : ISchemaFilter
{
    // Their types allow null, so that the rules and not the serializer tell what is missing.
    private static readonly HashSet<(Type Type, string Field)> s_required =
    [
        (typeof(DeployRequest), "deploy"),
        (typeof(DeployRequestBody), "version"),
        (typeof(ScaleRequest), "instance_count"),
        (typeof(DrainedBody), "unit"),
        (typeof(DrainedBody), "version"),
        (typeof(TaskRequest), "task"),
        (typeof(TaskRequestBody), "version"),
        (typeof(TaskRequestBody), "command"),
    ];

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is not null || context.ParameterInfo is not null || schema is not OpenApiSchema { Properties: { } fields } own)
        {
            return;
        }

        var isRequest = context.Type.Name.EndsWith("Request", StringComparison.Ordinal) || context.Type.Name.EndsWith("Body", StringComparison.Ordinal);
        own.Required = new SortedSet<string>(StringComparer.Ordinal);
        own.AdditionalPropertiesAllowed = !isRequest;
        foreach (var property in context.Type.GetProperties())
        {
            var field = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!fields.TryGetValue(field, out var value))
            {
                continue;
            }

            if (isRequest)
            {
                FieldRules.Apply(context.Type == typeof(TaskRequestBody) && field == "timeout" ? "task.timeout" : field, value);
            }

            var isNullable = IsNullable(property) && !s_required.Contains((context.Type, field));
            if (context.Type == typeof(Problem) ? !isNullable : isRequest ? s_required.Contains((context.Type, field)) : true)
            {
                own.Required.Add(field);
            }

            fields[field] = WithNull(value, isNullable && context.Type != typeof(Problem));
        }
    }

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    internal static IOpenApiSchema WithNull(IOpenApiSchema schema, bool isNullable)
    {
        IOpenApiSchema[] nothing = isNullable ? [new OpenApiSchema { Type = JsonSchemaType.Null }] : [];
        switch (schema)
        {
            case OpenApiSchema { OneOf: { } choices } own:
                // The generator adds null by itself where the type allows it.
                own.OneOf = [.. choices.Where(choice => choice.Type != JsonSchemaType.Null), .. nothing];
                return own;
            case OpenApiSchema own:
                own.Type = isNullable ? own.Type | JsonSchemaType.Null : own.Type & ~JsonSchemaType.Null;
                return own;
            default:
                return isNullable ? new OpenApiSchema { OneOf = [schema, .. nothing], Description = schema.Description } : schema;
        }
    }
}
