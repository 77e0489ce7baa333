using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Marks units, and stops and removes those that are marked.</summary>
internal sealed partial class UnitRemover(
    DockerEngine engine, UnitReader reader, UnitContainers containers, TimeProvider time, ILogger<UnitRemover> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<UnitName, Lazy<Task>> _removals = new();

    /// <summary>Whether a unit is being removed.</summary>
    public bool IsRemoving(UnitName unit) => _removals.ContainsKey(unit);

    /// <summary>Marks a unit's containers.</summary>
    public async Task MarkAsync(UnitName unit, CancellationToken cancellationToken)
    {
        foreach (var id in await reader.FindAsync(unit, cancellationToken))
        {
            await containers.MarkAsync(id, cancellationToken);
        }
    }

    /// <summary>Stops a unit's containers, if they are marked, and removes none.</summary>
    public async Task StopAsync(UnitName unit, CancellationToken cancellationToken)
    {
        foreach (var id in await reader.FindAsync(unit, cancellationToken))
        {
            if (await containers.InspectAsync(id) is { } container && UnitFacts.Of(unit, container, network: null).IsMarked)
            {
                await containers.StopAsync(id, UnitContainers.GraceOf(container));
            }
        }
    }

    /// <summary>
    /// Stops and removes a unit, if it is marked. It goes on when the caller does not wait any longer: one that is stopped
    /// and still there is of no use to anybody.
    /// </summary>
    public async Task RemoveAsync(UnitName unit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var removal = _removals.GetOrAdd(unit, name => new Lazy<Task>(() => Task.Run(() => RunAsync(name), CancellationToken.None)));
        await removal.Value.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(UnitName unit)
    {
        try
        {
            foreach (var id in await reader.FindAsync(unit, CancellationToken.None))
            {
                await RemoveAsync(unit, id);
            }
        }
        finally
        {
            _removals.TryRemove(unit, out _);
        }
    }

    private async Task RemoveAsync(UnitName unit, string id)
    {
        var begun = time.GetTimestamp();
        while (await containers.InspectAsync(id) is { } container)
        {
            if (!UnitFacts.Of(unit, container, network: null).IsMarked)
            {
                LogNotMarked(unit);
                return;
            }

            var grace = UnitContainers.GraceOf(container);
            await containers.StopAsync(id, grace);
            var isDone = await containers.RemoveAsync(id);
            if (!isDone && time.GetElapsedTime(begun) > grace + DockerEngine.WorkLimit)
            {
                throw new FleetUnavailableException(engine.Address, $"the removal of {unit} does not come to its end");
            }

            await Task.Delay(isDone ? TimeSpan.Zero : s_pause, time, CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Unit} is not marked to go, and so is left alone")]
    private partial void LogNotMarked(UnitName unit);
}
