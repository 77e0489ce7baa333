using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>A deploy to be carried through.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Intention">What it is meant to become.</param>
public sealed record Deploy(DeployId Id, Intention Intention)
{
    /// <summary>
    /// How long a Deployster that finds the deploy under way has at the least: it needs time to see whether the units are healthy.
    /// </summary>
    public static readonly TimeSpan LeastTimeLeft = TimeSpan.FromSeconds(15);

    /// <summary>The names of the units that the deploy is to have at first.</summary>
    public IEnumerable<UnitName> UnitNames =>
        Enumerable.Range(1, Intention.Spec.InstanceCount).Select(instance => new UnitName(Id, instance));

    /// <summary>
    /// How many units come first and wait to be promoted; null where none do. It matters only where something is replaced.
    /// </summary>
    public int? CanaryCount => OldCount > 0 ? Intention.Spec.Strategy?.Canary : null;

    /// <summary>
    /// Whether all its units get requests at the same moment, when the last of them is healthy. Those of a canary, and of
    /// batches, get them one by one: the old set shrinks meanwhile.
    /// </summary>
    public bool EntersAtOnce => CanaryCount is null
        && Batch.First(this, Intention.Spec.InstanceCount) is var first
        && (first.Units, first.Old) == (Intention.Spec.InstanceCount, OldCount);

    /// <summary>How many units there were to replace.</summary>
    internal int OldCount => (int)Math.Min(Intention.ReplacedUnitCount, int.MaxValue / 2);

    /// <summary>Whether <paramref name="unit"/> is one that this deploy replaces.</summary>
    public bool IsReplaced(Unit unit) =>
        unit.Name.DeployId.Service == Id.Service
        && unit.Name.DeployId != Id
        && Find(unit.Name.DeployId) is not null
        // A later deploy may have been given the timestamp of one that is gone.
        && !(unit.Intention?.RequestedAt > Intention.RequestedAt);

    /// <summary>The name of a deploy that this one replaces.</summary>
    public DeployId IdOf(ReplacedDeploy replaced) => new(Id.Service, replaced.Version, replaced.Timestamp);

    /// <summary>How many units a deploy had that this one replaces; 0 where it replaces none of it.</summary>
    public int ReplacedCountOf(DeployId deployId) => Find(deployId)?.UnitCount ?? 0;

    /// <summary>
    /// How long it may still take, for a Deployster that finds it under way, by the wall clock. Never less than
    /// <see cref="LeastTimeLeft"/> beyond the time that the units must be healthy, never more than its whole deadline.
    /// </summary>
    public TimeSpan TimeLeft(DateTimeOffset now)
    {
        var spec = Intention.Spec;
        var least = spec.MinHealthy + LeastTimeLeft < spec.Deadline ? spec.MinHealthy + LeastTimeLeft : spec.Deadline;
        var left = Intention.Deadline - now;
        return left < least ? least : left > spec.Deadline ? spec.Deadline : left;
    }

    private ReplacedDeploy? Find(DeployId deployId) => Intention.Replaces.FirstOrDefault(replaced =>
        replaced.Version == deployId.Version && replaced.Timestamp == deployId.Timestamp);
}
