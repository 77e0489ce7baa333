using System.Collections.Immutable;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// What a watcher has seen of a rollout and decided about it so far. Whoever starts anew knows none of it
/// and still ends well: what must not be reversed stands in the fleet.
/// </summary>
public sealed record RolloutMemory
{
    /// <summary>Since when the rollout has been watched.</summary>
    public required DateTimeOffset WatchedSince { get; init; }

    /// <summary>What has been seen of its units, by instance.</summary>
    public ImmutableSortedDictionary<int, InstanceMemory> Instances { get; init; } =
        ImmutableSortedDictionary<int, InstanceMemory>.Empty;

    /// <summary>Since when it is decided, for good, that the deploy succeeds; null while it is open.</summary>
    public DateTimeOffset? SucceedingSince { get; init; }

    /// <summary>Since when a deploy that has begun to succeed has not been healthy; null while it is.</summary>
    public DateTimeOffset? UnhealthySince { get; init; }

    /// <summary>Why it is decided, for good, that the deploy is given up; null while it is open.</summary>
    public GivingUp? GivingUp { get; init; }

    /// <summary>The memory of a watcher that begins to watch what somebody else began.</summary>
    public static RolloutMemory Begin(DateTimeOffset now) => new() { WatchedSince = now };

    /// <summary>The memory of a watcher that begins the rollout itself: it knows that there is no unit yet.</summary>
    public static RolloutMemory BeginToLaunch(Rollout rollout, DateTimeOffset now) => new()
    {
        WatchedSince = now,
        Instances = rollout.UnitNames.ToImmutableSortedDictionary(unit => unit.Instance, _ => InstanceMemory.Nothing),
    };

    /// <summary>What has been seen of one instance.</summary>
    public InstanceMemory Of(int instance) => Instances.GetValueOrDefault(instance, InstanceMemory.Nothing);
}
