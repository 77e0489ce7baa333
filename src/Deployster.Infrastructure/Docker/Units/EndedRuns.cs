using System.Collections.Concurrent;
using System.Globalization;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Tells how containers ended before the engine restarted them. The engine says nothing of it any more when one runs
/// again, but remembers its latest events.
/// </summary>
internal sealed class EndedRuns(DockerEngine engine)
{
    private readonly ConcurrentDictionary<UnitName, (string Run, string? End)> _known = new();

    /// <summary>
    /// How the run before this one ended: <c>exit code 1</c>. Null where the unit does not run, or was never restarted,
    /// or the engine has forgotten it.
    /// </summary>
    public async Task<string?> FindLastEndAsync(UnitContainer unit, CancellationToken cancellationToken)
    {
        if (unit.State.Status == "restarting")
        {
            _known[unit.Name] = ("", unit.End);
            return null;
        }

        if (unit.State.Status != "running" || unit.Container.RestartCount == 0)
        {
            _known.TryRemove(unit.Name, out _);
            return null;
        }

        // How it ended is asked for once a run.
        var run = $"{unit.Id} {unit.State.StartedAt}";
        var (knownRun, end) = _known.GetValueOrDefault(unit.Name);
        if (knownRun != run)
        {
            end = await AskAsync(unit, cancellationToken) ?? (knownRun == "" ? end : null);
            _known[unit.Name] = (run, end);
        }

        return end;
    }

    private async Task<string?> AskAsync(UnitContainer unit, CancellationToken cancellationToken)
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
        try
        {
            await engine.AskAsync(
                async (client, token) =>
                {
                    await client.System.MonitorEventsAsync(parameters, ends, token);
                    return ends;
                },
                cancellationToken);
        }
        catch (FleetUnavailableException)
        {
            // How the unit does is told without it.
        }

        return ends.Last?.Actor?.Attributes?.TryGetValue("exitCode", out var exitCode) == true ? $"exit code {exitCode}" : null;
    }

    private sealed class LastEvent : IProgress<Message>
    {
        public Message? Last { get; private set; }

        public void Report(Message value) => Last = value;
    }
}
