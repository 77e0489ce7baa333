using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Contract;

/// <summary>An operation as the document describes it.</summary>
internal sealed record Operation(string Id, HttpMethod Method, string Path, JsonObject Description)
{
    public JsonObject Responses => Description["responses"]!.AsObject();

    public IReadOnlyList<JsonObject> Parameters =>
        [.. Description["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()) ?? []];

    /// <summary>How a request's body is described; null where there is none.</summary>
    public bool NeedsBody => Description["requestBody"]?["required"]?.GetValue<bool>() == true;

    public JsonObject? RequestBody => Description["requestBody"]?["content"]!["application/json"]!.AsObject();

    /// <summary>All operations of the document that is kept, which is the one that is served.</summary>
    public static IReadOnlyList<Operation> ReadDocumented() =>
        ReadAll(JsonNode.Parse(File.ReadAllText(ProjectFolder.Doc("openapi.json")))!);

    /// <summary>All operations of a document.</summary>
    public static IReadOnlyList<Operation> ReadAll(JsonNode document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           let description = method.Value!.AsObject()
           select new Operation(
               description["operationId"]!.GetValue<string>(), HttpMethod.Parse(method.Key), path.Key, description),
    ];

    /// <summary>What a request's path has in the place of the parameters; null where it is of another operation.</summary>
    public IReadOnlyDictionary<string, string>? MatchPath(string path)
    {
        var template = Regex.Replace(Regex.Escape(Path), @"\\\{(\w+)}", "(?<$1>[^/]+)");
        var match = Regex.Match(path, $"^{template}$");
        return match.Success
            ? match.Groups.Values.Skip(1).ToDictionary(group => group.Name, group => Uri.UnescapeDataString(group.Value))
            : null;
    }
}
