using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>A deploy to be carried through.</summary>
/// <param name="Deploy">The deploy.</param>
/// <param name="Intention">What it is meant to become.</param>
public sealed record Rollout(DeployId Deploy, Intention Intention)
{
    /// <summary>The names of all units that the deploy is to have.</summary>
    public IEnumerable<UnitName> UnitNames =>
        Enumerable.Range(1, Intention.Spec.InstanceCount).Select(instance => new UnitName(Deploy, instance));

    /// <summary>Whether <paramref name="unit"/> is one that this deploy replaces.</summary>
    public bool IsReplaced(FleetUnit unit) =>
        unit.Name.Deploy.Service == Deploy.Service
        && unit.Name.Deploy != Deploy
        && Intention.Replaces.Any(replaced =>
            replaced.Version == unit.Name.Deploy.Version && replaced.Timestamp == unit.Name.Deploy.Timestamp)
        // A later deploy may have been given the timestamp of one that is gone.
        && !(unit.Intention?.RequestedAt > Intention.RequestedAt);
}
