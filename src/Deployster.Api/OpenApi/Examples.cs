using System.Text.Json.Nodes;

namespace Deployster.Api.OpenApi;

/// <summary>Requests and answers of real runs, kept as files beside this one: <c>{operation}.{request or status}.{json or txt}</c>.</summary>
internal static class Examples
{
    /// <summary>The example of an operation's request, or of its answer with a status; null if there is none.</summary>
    public static JsonNode? Find(string name, string mediaType)
    {
        var isJson = mediaType.EndsWith("json", StringComparison.Ordinal);
        var suffix = isJson ? "json" : mediaType == "text/event-stream" ? "sse.txt" : "txt";
        using var file = typeof(Examples).Assembly.GetManifestResourceStream($"{typeof(Examples).FullName}.{name}.{suffix}");
        if (file is null)
        {
            return null;
        }

        using var text = new StreamReader(file);
        return isJson ? JsonNode.Parse(text.ReadToEnd()) : JsonValue.Create(text.ReadToEnd());
    }
}
