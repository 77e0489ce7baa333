using System.Text.Json;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Something that has happened to a thing of the engine.</summary>
/// <param name="Action">What: <c>start</c>, <c>die</c>, <c>health_status: healthy</c>.</param>
/// <param name="Id">The thing's id.</param>
/// <param name="Attributes">Its labels, and what more belongs to the event.</param>
internal sealed record EngineEvent(string Action, string Id, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Reads one line of the engine's events.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static EngineEvent Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("Actor", out var actor)
            || actor.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The engine's events are no events.");
        }

        var attributes = actor.TryGetProperty(nameof(Attributes), out var list) && list.ValueKind == JsonValueKind.Object
            ? list.EnumerateObject().ToDictionary(attribute => attribute.Name, attribute => attribute.Value.ToString())
            : [];
        return new EngineEvent(Text(json.RootElement, nameof(Action)), Text(actor, "ID"), attributes);
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
