using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployster.EndToEnd.Tests.OpenApi;

/// <summary>
/// Holds values to the schemas of an OpenAPI document, by the keywords that ours uses; one that it does not know is an
/// error of its own, so that nothing passes unread.
/// </summary>
internal sealed class Schemas(JsonElement document)
{
    private static readonly HashSet<string> s_notes = ["description", "example", "format", "nullable", "required"];

    /// <summary>What is wrong with a value, each with where it stands.</summary>
    public IEnumerable<string> Check(JsonElement schema, JsonElement value, string at = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Check(Resolve(reference.GetString()!), value, at);
        }

        return value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean()
            ? []
            : schema.EnumerateObject().SelectMany(keyword => Check(keyword, schema, value, at));
    }

    private IEnumerable<string> Check(JsonProperty keyword, JsonElement schema, JsonElement value, string at) => keyword.Name switch
    {
        "type" => If(!IsOfType(keyword.Value.GetString()!, value), $"{at} is no {keyword.Value}: {value}"),
        "enum" => If(
            !keyword.Value.EnumerateArray().Any(known => JsonElement.DeepEquals(known, value)), $"{at} is none of {keyword.Value}: {value}"),
        "oneOf" => If(
            keyword.Value.EnumerateArray().Count(one => !Check(one, value, at).Any()) != 1, $"{at} is not one of its kinds: {value}"),
        "minimum" => If(IsNumber(value) && value.GetDecimal() < keyword.Value.GetDecimal(), $"{at} is too small: {value}"),
        "maximum" => If(IsNumber(value) && value.GetDecimal() > keyword.Value.GetDecimal(), $"{at} is too large: {value}"),
        "maxLength" => If(IsText(value) && value.GetString()!.Length > keyword.Value.GetInt32(), $"{at} is too long: {value}"),
        "maxItems" => If(IsList(value) && value.GetArrayLength() > keyword.Value.GetInt32(), $"{at} has too many items"),
        "maxProperties" => If(IsObject(value) && value.GetPropertyCount() > keyword.Value.GetInt32(), $"{at} has too many fields"),
        "items" => IsList(value) ? value.EnumerateArray().SelectMany((item, i) => Check(keyword.Value, item, $"{at}[{i}]")) : [],
        "properties" => IsObject(value) ? CheckFields(keyword.Value, schema, value, at) : [],
        "additionalProperties" => IsObject(value) ? CheckFurther(keyword.Value, schema, value, at) : [],
        "pattern" => If(
            IsText(value) && !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!), $"{at} does not match {keyword.Value}: {value}"),
        _ when s_notes.Contains(keyword.Name) => [],
        _ => [$"{at} has a schema with {keyword.Name}, which nothing here checks"],
    };

    private IEnumerable<string> CheckFields(JsonElement fields, JsonElement schema, JsonElement value, string at)
    {
        var missing = schema.TryGetProperty("required", out var required)
            ? required.EnumerateArray().Select(field => field.GetString()!).Where(field => !value.TryGetProperty(field, out _))
            : [];
        return missing.Select(field => $"{at}.{field} is missing")
            .Concat(value.EnumerateObject()
                .Where(field => fields.TryGetProperty(field.Name, out _))
                .SelectMany(field => Check(fields.GetProperty(field.Name), field.Value, $"{at}.{field.Name}")))
            .Concat(schema.TryGetProperty("additionalProperties", out _)
                ? []
                : value.EnumerateObject()
                    .Where(field => !fields.TryGetProperty(field.Name, out _))
                    .Select(field => $"{at}.{field.Name} is not documented"));
    }

    private IEnumerable<string> CheckFurther(JsonElement rule, JsonElement schema, JsonElement value, string at) => value.EnumerateObject()
        .Where(field => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(field.Name, out _)))
        .SelectMany(field => rule.ValueKind == JsonValueKind.False
            ? [$"{at}.{field.Name} is unknown"]
            : Check(rule, field.Value, $"{at}.{field.Name}"));

    private JsonElement Resolve(string reference) => reference.Split('/').Skip(1)
        .Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> If(bool isWrong, string error) => isWrong ? [error] : [];

    private static bool IsOfType(string type, JsonElement value) => type switch
    {
        "object" => IsObject(value),
        "array" => IsList(value),
        "string" => IsText(value),
        "integer" => IsNumber(value) && value.TryGetInt64(out _),
        "number" => IsNumber(value),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => false,
    };

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsList(JsonElement value) => value.ValueKind == JsonValueKind.Array;

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;
}
