using System.Collections.Concurrent;
using System.Globalization;
using Deployster.Application.Fleet;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Tells how containers ended before the engine restarted them. The engine says nothing of it any more when one runs
/// again, but remembers its latest events.
/// </summary>
internal sealed class LastEnds(DockerEngine engine)
{
    private readonly ConcurrentDictionary<string, UnitFacts> _known = new();

    /// <summary>How a run ended, in words.</summary>
    public static string Say(int exitCode, bool outOfMemory) =>
        outOfMemory ? "killed: out of memory" : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");

    /// <summary>Adds to a restarted container how its run before this one ended.</summary>
    /// <param name="facts">The container.</param>
    /// <param name="inspected">What the engine says of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UnitFacts> AddToAsync(UnitFacts facts, ContainerInspectResponse inspected, CancellationToken cancellationToken)
    {
        if (facts.RestartCount == 0)
        {
            return facts;
        }

        if (facts.LastEnd is null
            && _known.TryGetValue(facts.Id, out var known)
            && known.RestartCount == facts.RestartCount)
        {
            return facts with { LastEnd = known.LastEnd, ExitCode = known.ExitCode };
        }

        var ended = facts.LastEnd is null ? await FindAsync(facts, inspected, cancellationToken) : facts;
        if (ended.LastEnd is not null)
        {
            _known[facts.Id] = ended;
        }

        return ended;
    }

    /// <summary>Forgets all containers but these.</summary>
    public void KeepOnly(IReadOnlySet<string> ids)
    {
        foreach (var id in _known.Keys.Where(id => !ids.Contains(id)))
        {
            _known.TryRemove(id, out _);
        }
    }

    private async Task<UnitFacts> FindAsync(UnitFacts facts, ContainerInspectResponse inspected, CancellationToken cancellationToken)
    {
        if (!DateTimeOffset.TryParse(facts.StartedAt, CultureInfo.InvariantCulture, out var started))
        {
            return facts;
        }

        // By the engine's own clock it is over, so that the engine does not wait for more.
        var parameters = new ContainerEventsParameters
        {
            Since = new DateTimeOffset(inspected.Created).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            Until = (started.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture),
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["container"] = new Dictionary<string, bool> { [facts.Id] = true },
                ["event"] = new Dictionary<string, bool> { ["die"] = true, ["oom"] = true },
            },
        };
        var ends = new Ends();
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
            // It is of interest, but no more.
        }

        return ends.Last is { } end ? facts with { ExitCode = end.ExitCode, LastEnd = Say(end.ExitCode, end.OutOfMemory) } : facts;
    }

    private sealed class Ends : IProgress<Message>
    {
        private bool _outOfMemory;

        public (int ExitCode, bool OutOfMemory)? Last { get; private set; }

        public void Report(Message value)
        {
            if (value.Action == "oom")
            {
                _outOfMemory = true;
            }
            else if (value.Actor?.Attributes?.TryGetValue("exitCode", out var text) == true
                && int.TryParse(text, CultureInfo.InvariantCulture, out var exitCode))
            {
                Last = (exitCode, _outOfMemory);
                _outOfMemory = false;
            }
        }
    }
}
