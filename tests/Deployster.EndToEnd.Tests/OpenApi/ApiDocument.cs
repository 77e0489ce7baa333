using System.Text.Json;
using System.Text.RegularExpressions;

namespace Deployster.EndToEnd.Tests.OpenApi;

/// <summary>The document, and what it says of an exchange.</summary>
internal sealed class ApiDocument(JsonElement root)
{
    private readonly Schemas _schemas = new(root);

    /// <summary>All operations.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in root.GetProperty("paths").EnumerateObject()
           from method in path.Value.EnumerateObject()
           select new ApiOperation(method.Value.GetProperty("operationId").GetString()!, method.Name, path.Name, method.Value),
    ];

    /// <summary>The operation that serves a request.</summary>
    public ApiOperation Find(string method, string path) => Operations
        .Where(operation => operation.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        .First(operation => Regex.IsMatch(path.Split('?')[0], $"^{Regex.Replace(operation.Path, "{[^}]*}", "[^/]+")}$"));

    /// <summary>What is wrong with a request's body.</summary>
    public IEnumerable<string> CheckRequest(ApiOperation operation, string body) => _schemas.Check(
        operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"),
        JsonElement.Parse(body));

    /// <summary>What is wrong with an answer.</summary>
    public IEnumerable<string> CheckAnswer(ApiOperation operation, int status, string? mediaType, string body)
    {
        if (!operation.Json.GetProperty("responses").TryGetProperty($"{status}", out var response))
        {
            return [$"{operation.Id} answers with {status}, which is not documented: {body}"];
        }

        if (!response.TryGetProperty("content", out var content))
        {
            return body.Length == 0 ? [] : [$"{operation.Id} {status} has a body: {body}"];
        }

        if (mediaType is null || !content.TryGetProperty(mediaType, out var media))
        {
            return [$"{operation.Id} {status} answers with {mediaType}, which is not documented"];
        }

        return mediaType.EndsWith("json", StringComparison.Ordinal)
            ? _schemas.Check(media.GetProperty("schema"), JsonElement.Parse(body))
            : [];
    }

    /// <summary>What is wrong with the examples.</summary>
    public IEnumerable<string> CheckExamples() =>
        from operation in Operations
        from content in Contents(operation.Json)
        where content.TryGetProperty("example", out _)
        from error in _schemas.Check(content.GetProperty("schema"), content.GetProperty("example"))
        select $"{operation.Id}: {error}";

    private static IEnumerable<JsonElement> Contents(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Select(response => response.Value)
            .Concat(operation.TryGetProperty("requestBody", out var request) ? [request] : [])
            .Where(holder => holder.TryGetProperty("content", out _))
            .SelectMany(holder => holder.GetProperty("content").EnumerateObject())
            .Select(content => content.Value);
}

/// <summary>An operation of the document.</summary>
internal sealed record ApiOperation(string Id, string Method, string Path, JsonElement Json);
