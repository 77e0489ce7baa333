using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>
/// Finds what is known of a deploy: by the watcher first, then by the history, and where neither knows of it by its units alone.
/// </summary>
internal sealed class DeployFinder(WatchedDeploys watched, DeployArchive archive, TimeProvider time)
{
    /// <summary>A deploy; without a timestamp the one of this version that was asked for last. Null where there is none.</summary>
    public async Task<DeployRecord?> FindAsync(
        ServiceName service,
        VersionTag version,
        DeployTimestamp? timestamp,
        FleetSnapshot fleet,
        CancellationToken cancellationToken)
    {
        bool Matches(DeployId deploy) =>
            deploy.Service == service && deploy.Version == version && (timestamp is null || deploy.Timestamp == timestamp);

        List<DeployRecord> found = [.. watched.All.Select(deploy => deploy.Record).Where(record => Matches(record.Deploy)).Reverse()];
        if (await archive.FindAsync(service, version, timestamp, cancellationToken) is { } remembered)
        {
            found.Add(remembered);
        }

        found.AddRange(fleet.Of(service)
            .GroupBy(unit => unit.Name.Deploy)
            .Where(deploy => Matches(deploy.Key))
            .Select(deploy => FromUnits(deploy.Key, [.. deploy], fleet)));
        return found.DistinctBy(record => record.Deploy).MaxBy(record => record.Intention.RequestedAt);
    }

    private DeployRecord FromUnits(DeployId deploy, IReadOnlyCollection<FleetUnit> units, FleetSnapshot fleet)
    {
        var intention = units.MinBy(unit => unit.Name.Instance)!.Intention
            ?? new Intention { Image = "", RequestedAt = deploy.Timestamp.Time, Spec = DeploySpec.Default };
        return new DeployRecord
        {
            Deploy = deploy,
            Intention = intention with { Spec = intention.Spec with { InstanceCount = units.Count } },
            Status = StatusOf(intention, units, fleet),
        };
    }

    private DeployStatus StatusOf(Intention intention, IReadOnlyCollection<FleetUnit> units, FleetSnapshot fleet)
    {
        var states = fleet.States.DistinctBy(state => state.Name).ToDictionary(state => state.Name);
        var own = units.Select(unit => states.GetValueOrDefault(unit.Name)).ToList();
        return units.Any(unit => unit.TargetState == TargetState.Inactive) ? DeployStatus.RolledBack
            : own.TrueForAll(state => state is { IsHealthy: true }) ? DeployStatus.Succeeded
            : own.Exists(state => state is { IsFailed: true }) || time.GetUtcNow() > intention.Deadline ? DeployStatus.Failed
            : DeployStatus.InProgress;
    }
}
