using System.Text;
using System.Text.Json;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>What the engine, or a container, says, as text that is safe to show.</summary>
internal static class EngineMessage
{
    /// <summary>The engine's own words for what it refuses.</summary>
    public static string Of(DockerApiException exception)
    {
        var text = exception.ResponseBody ?? "";
        try
        {
            using var json = JsonDocument.Parse(text);
            text = json.RootElement.GetProperty("message").GetString() ?? text;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not every proxy before an engine speaks its language: then the body is all there is.
        }

        return text.Length > 0 ? ToLine(text) : $"the engine answered {(int)exception.StatusCode}";
    }

    /// <summary>One line without control characters, which could make a terminal do things.</summary>
    public static string ToLine(string text)
    {
        var line = new StringBuilder(text.TrimEnd());
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = line[i] switch
            {
                '\n' or '\r' or '\t' => ' ',
                var c when char.IsControl(c) => '\uFFFD',
                var c => c,
            };
        }

        return line.ToString();
    }
}
