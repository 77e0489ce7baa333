using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Json.Schema;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>The API as its OpenAPI 3.1 document describes it, whose schemas are JSON Schema; it finds what is not as described.</summary>
internal sealed class DescribedApi
{
    private static readonly EvaluationOptions s_evaluation = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    // The document says in words what the data of events is.
    private static readonly Dictionary<string, string> s_eventTypes = new()
    {
        ["followDeploy"] = "EventResource",
        ["followRoutes"] = "RoutesDocument",
    };

    private readonly IReadOnlyList<Operation> _operations;
    private readonly JsonObject _types;

    public DescribedApi(JsonNode document)
    {
        _operations = Operation.ReadAll(document);
        _types = document["components"]!["schemas"]!.DeepClone().AsObject();
        foreach (var (_, type) in _types)
        {
            // A field that is served and not described is untrue as well.
            if (type!["properties"] is not null && type["additionalProperties"] is null)
            {
                type["additionalProperties"] = false;
            }
        }
    }

    public Operation this[string id] => _operations.Single(operation => operation.Id == id);

    /// <summary>Where the request is not as described.</summary>
    public IReadOnlyList<string> FaultsOfRequest(Operation operation, Exchange exchange)
    {
        if (operation.MatchPath(exchange.Target.AbsolutePath) is not { } path)
        {
            return [$"{exchange.Target} is no {operation.Path}"];
        }

        var query = HttpUtility.ParseQueryString(exchange.Target.Query);
        var given = path.Select(part => ("path", part.Key, part.Value))
            .Concat(query.AllKeys.Select(name => ("query", name!, query[name]!)));
        return
        [
            .. given.SelectMany(part => FaultsOfParameter(operation, part)),
            .. operation.RequestBody is { } body
                ? exchange.RequestBody is null && !operation.NeedsBody ? [] : FaultsOf(exchange.RequestBody, body["schema"]!)
                : exchange.RequestBody is null ? [] : (IEnumerable<string>)["the body is not described"],
        ];
    }

    /// <summary>Where the answer is not as described.</summary>
    public IReadOnlyList<string> FaultsOfAnswer(Operation operation, Exchange exchange)
    {
        var status = ((int)exchange.Status).ToString(CultureInfo.InvariantCulture);
        if ((operation.Responses[status] ?? operation.Responses["default"]) is not JsonObject response)
        {
            return [$"{status} is not described"];
        }

        var missing = (response["headers"]?.AsObject() ?? [])
            .Where(header => exchange.HeaderOf(header.Key) is null)
            .Select(header => $"the header {header.Key} is missing");
        return [.. missing, .. FaultsOfBody(operation, response, exchange)];
    }

    /// <summary>Where a text is not as a schema says.</summary>
    public IEnumerable<string> FaultsOf(string? json, JsonNode schema)
    {
        if (json is null)
        {
            return ["there is no body"];
        }

        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _types.DeepClone();
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        if (!TryParse(json, out var value))
        {
            return [$"'{json}' is no JSON"];
        }

        var results = JsonSchema.FromText(text).Evaluate(value, s_evaluation);
        return results.IsValid
            ? []
            : (results.Details ?? [])
                .Where(result => result.Errors is not null)
                .SelectMany(result => result.Errors!.Select(error => $"{result.InstanceLocation}: {error.Value}"));
    }

    private static bool TryParse(string json, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(json);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    private IEnumerable<string> FaultsOfBody(Operation operation, JsonObject response, Exchange exchange)
    {
        if (response["content"] is not JsonObject content)
        {
            return exchange.ResponseBody.Length == 0 ? [] : ["a body is not described"];
        }

        return (content[exchange.MediaType ?? ""], exchange.MediaType) switch
        {
            (null, _) => [$"{exchange.MediaType} is not described"],
            (_, "text/plain") => [],
            (_, "text/event-stream") => FaultsOfEvents(operation, exchange.ResponseBody),
            var (body, _) => FaultsOf(exchange.ResponseBody, body["schema"]!),
        };
    }

    private IEnumerable<string> FaultsOfEvents(Operation operation, string body)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(body));
        var events = SseParser.Create(stream).Enumerate().ToList();
        return events.Count == 0
            ? ["there are no events"]
            : s_eventTypes.TryGetValue(operation.Id, out var type)
                ? events.SelectMany(happened => FaultsOf(happened.Data, new JsonObject { ["$ref"] = $"#/components/schemas/{type}" }))
                : [];
    }

    private IEnumerable<string> FaultsOfParameter(Operation operation, (string In, string Name, string Value) given)
    {
        var described = operation.Parameters.SingleOrDefault(parameter =>
            parameter["in"]!.GetValue<string>() == given.In && parameter["name"]!.GetValue<string>() == given.Name);
        if (described is null)
        {
            return [$"{given.Name} in the {given.In} is not described"];
        }

        var schema = described["schema"]!;
        var isText = schema["type"]!.ToJsonString().Contains("string", StringComparison.Ordinal);
        return FaultsOf(isText ? JsonSerializer.Serialize(given.Value) : given.Value, schema).Select(fault => $"{given.Name}{fault}");
    }
}
