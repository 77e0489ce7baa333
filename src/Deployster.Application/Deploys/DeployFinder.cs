using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>
/// Finds what is known of a deploy: by its rollout first, then by the history, and where neither knows of it by its units alone.
/// </summary>
internal sealed class DeployFinder(LiveRollouts rollouts, DeployArchive archive, TimeProvider time)
{
    /// <summary>A deploy; without a timestamp the one of this version that was asked for last. Null where there is none.</summary>
    public async Task<DeployRecord?> FindAsync(
        ServiceName service,
        VersionTag version,
        DeployTimestamp? timestamp,
        FleetReading fleet,
        CancellationToken cancellationToken)
    {
        bool Matches(DeployId deployId) => deployId.IsOf(service, version, timestamp);

        List<DeployRecord> found = [.. rollouts.All.Select(rollout => rollout.Record).Where(record => Matches(record.DeployId)).Reverse()];
        if (await archive.FindAsync(service, version, timestamp, cancellationToken) is { } remembered)
        {
            found.Add(remembered);
        }

        found.AddRange(fleet.Of(service)
            .GroupBy(unit => unit.Name.DeployId)
            .Where(deploy => Matches(deploy.Key))
            .Select(deploy => FromUnits(deploy.Key, [.. deploy], fleet)));
        return found.DistinctBy(record => record.DeployId).MaxBy(record => record.Intention.RequestedAt);
    }

    private DeployRecord FromUnits(DeployId deployId, IReadOnlyCollection<Unit> units, FleetReading fleet)
    {
        var intention = units.MinBy(unit => unit.Name.Instance)!.Intention
            ?? new Intention { Image = "", RequestedAt = deployId.Timestamp.Time, Spec = DeploySpec.Default };
        return new DeployRecord
        {
            DeployId = deployId,
            Intention = intention with { Spec = intention.Spec with { InstanceCount = units.Count } },
            Status = StatusOf(new Deploy(deployId, intention), units, fleet),
        };
    }

    private DeployStatus StatusOf(Deploy deploy, IReadOnlyCollection<Unit> units, FleetReading fleet) =>
        RolloutPicture.Of(deploy, fleet.Units).IsMarkedGivenUp ? DeployStatus.RolledBack
        : units.All(unit => unit.IsHealthy) ? DeployStatus.Succeeded
        : units.Any(unit => unit.Phase == Phase.Failed) || time.GetUtcNow() > deploy.Intention.Deadline ? DeployStatus.Failed
        : DeployStatus.InProgress;
}
