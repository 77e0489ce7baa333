using System.Globalization;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>
/// Tells how containers ended before the engine restarted them. The engine says nothing of it any more when one runs
/// again, but remembers its latest events.
/// </summary>
internal sealed class EndedRuns(DockerEngine engine)
{
    /// <summary>How the run before this one ended: <c>exit code 1</c>; null where the engine has forgotten it.</summary>
    public async Task<string?> FindLastEndAsync(UnitContainer unit, CancellationToken cancellationToken)
    {
        if (!DateTimeOffset.TryParse(unit.State.StartedAt, CultureInfo.InvariantCulture, out var started))
        {
            return null;
        }

        // By the engine's own clock it is over, so that the engine does not wait for more.
        var parameters = new ContainerEventsParameters
        {
            Since = new DateTimeOffset(unit.Container.Created).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Until = (started.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture),
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["container"] = new Dictionary<string, bool> { [unit.Id] = true },
                ["event"] = new Dictionary<string, bool> { ["die"] = true },
            },
        };
        var ends = new LastEvent();
        await engine.AskAsync(
            async (client, token) =>
            {
                await client.System.MonitorEventsAsync(parameters, ends, token);
                return ends;
            },
            cancellationToken);
        return ends.Last?.Actor?.Attributes?.TryGetValue("exitCode", out var exitCode) == true ? $"exit code {exitCode}" : null;
    }

    private sealed class LastEvent : IProgress<Message>
    {
        public Message? Last { get; private set; }

        public void Report(Message value) => Last = value;
    }
}
