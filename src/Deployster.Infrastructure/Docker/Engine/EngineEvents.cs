using System.Globalization;
using System.Text.Json;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>The engine's events, as it streams them.</summary>
internal sealed class EngineEvents(DockerEngine engine, DockerOptions options)
{
    /// <summary>Listens until the stream ends; throws where it breaks.</summary>
    /// <param name="filters">Which events: the engine's filters by name.</param>
    /// <param name="onConnected">Called once from when on no event is missed.</param>
    /// <param name="onEvent">Called for each event.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(
        IReadOnlyDictionary<string, string[]> filters,
        Action onConnected,
        Action<EngineEvent> onEvent,
        CancellationToken cancellationToken)
    {
        var info = await engine.AskAsync((client, token) => client.System.GetSystemInfoAsync(token), cancellationToken);

        // The engine begins its answer before it listens itself. By its own clock's time it tells what has come between.
        var since = DateTimeOffset.TryParse(info.SystemTime, CultureInfo.InvariantCulture, out var now) ? now : DateTimeOffset.UtcNow;
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"events?since={since.ToUnixTimeSeconds()}&filters={Uri.EscapeDataString(JsonSerializer.Serialize(filters))}");
        using var lines = new StreamReader(await engine.OpenAsync(query, options.AnswerLimit, cancellationToken));
        onConnected();
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                onEvent(EngineEvent.Parse(line));
            }
        }
    }
}
