using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Domain.Units;

namespace Deployster.Application.Pruning;

/// <summary>
/// Finds containers that nobody sees to any more: those of units that are marked to go and have ended, and those of tasks
/// whose end is written down. What runs is left alone: it may be all that is left of its service.
/// </summary>
internal sealed class LeftOvers(
    FleetMonitor monitor,
    RolloutAdoption adoption,
    LiveRollouts rollouts,
    UnitKeeper keeper,
    DeployActions actions,
    ITaskEngine engine,
    ITaskHistory history,
    LiveTasks tasks)
{
    /// <summary>Looks for them.</summary>
    /// <exception cref="FleetUnavailableException">The engine does not answer.</exception>
    /// <exception cref="HistoryUnavailableException">The history does not tell which tasks have ended.</exception>
    public async Task<IReadOnlyList<LeftOver>> FindAsync(CancellationToken cancellationToken)
    {
        var reading = await monitor.ReadAsync(cancellationToken);
        var waiting = (await adoption.TakeUpFromFleetAsync(reading, cancellationToken)).Select(deployId => deployId.Service).ToHashSet();
        var units = reading.Units
            .Where(unit => unit is { IsGone: true, Phase: Phase.Stopped or Phase.Failed }
                && !waiting.Contains(unit.Name.DeployId.Service)
                && IsLeftOver(unit, reading))
            .Select(unit => new LeftOver(
                unit.Name.ToString(),
                unit.ImageId,
                async token => IsLeftOver(unit, reading) && await actions.DestroyAsync(unit.Name, token)));
        return [.. units, .. await FindTasksAsync(cancellationToken)];
    }

    private bool IsLeftOver(Unit unit, FleetReading reading) =>
        rollouts.FindUnderWay(unit.Name.DeployId.Service) is null
        && !actions.IsLeaving(unit.Name)

        // The mark tells the keeper that a unit which is missing is to be missing.
        && !(keeper.CountOf(unit.Name.DeployId) > reading.Of(unit.Name.DeployId).Count(other => !other.IsGone));

    private async Task<IReadOnlyList<LeftOver>> FindTasksAsync(CancellationToken cancellationToken)
    {
        var ended = new List<LeftOver>();
        foreach (var container in await engine.ListAsync(cancellationToken))
        {
            var id = container.Task.Id;
            var isNeeded = rollouts.IsUnderWay(container.Task.ReleasedDeploy);
            if (!container.IsRunning && !isNeeded && !tasks.IsOwn(id) && await history.FindAsync(id, cancellationToken) is { End: not null })
            {
                ended.Add(new LeftOver(id.Value, container.Task.ImageId, async token =>
                {
                    await engine.RemoveAsync(id, token);
                    return true;
                }));
            }
        }

        return ended;
    }
}
