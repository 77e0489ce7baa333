using System.Collections.Immutable;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// What a Deployster has seen of a rollout and decided about it so far. Whoever starts anew knows none of it
/// and still ends well: what must not be reversed stands in the fleet. All times are of one monotonic clock, so that
/// a wall clock that is set stretches and shortens nothing.
/// </summary>
public sealed record RolloutMemory
{
    /// <summary>When the deploy has failed if it is not healthy by then.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>What has been seen of its units, by instance.</summary>
    public ImmutableSortedDictionary<int, InstanceMemory> Instances { get; init; } =
        ImmutableSortedDictionary<int, InstanceMemory>.Empty;

    /// <summary>Since when the deploy succeeds: for good once that is marked in the fleet; null while it is open.</summary>
    public TimeSpan? SucceedingSince { get; init; }

    /// <summary>Since when a deploy that has begun to succeed has not been healthy; null while it is.</summary>
    public TimeSpan? UnhealthySince { get; init; }

    /// <summary>How many units the batches have that have become healthy: each has given the rollout a new deadline.</summary>
    public int HealthyUnits { get; init; }

    /// <summary>Since when the canary has been waiting; null while it is not healthy, and where there is none.</summary>
    public TimeSpan? CanarySince { get; init; }

    /// <summary>Whether the canary was promoted.</summary>
    public bool IsPromoted { get; init; }

    /// <summary>Why the deploy is given up: for good unless its success turns out to be marked; null while it is open.</summary>
    public GivingUp? GivingUp { get; init; }

    /// <summary>Since when the deploy is being given up, or when a unit of it was marked last; null while it is not.</summary>
    public TimeSpan? GivingUpSince { get; init; }

    /// <summary>What the fleet refused of it, and will not take; null where it refused nothing.</summary>
    public string? Refusal { get; init; }

    /// <summary>How far the release command has come; null where nobody has looked yet.</summary>
    public ReleaseState? Release { get; init; }

    /// <summary>Whether the end of the release command has been noted.</summary>
    public bool IsReleased { get; init; }

    /// <summary>The memory of a Deployster that begins the rollout itself.</summary>
    public static RolloutMemory Begin(Deploy deploy, TimeSpan now) =>
        new() { Deadline = now + deploy.Intention.Spec.Deadline, Release = ReleaseState.NotBegun };

    /// <summary>The memory of a Deployster that finds the rollout under way.</summary>
    public static RolloutMemory TakeUp(Deploy deploy, TimeSpan now, DateTimeOffset wallClock) =>
        new() { Deadline = now + deploy.TimeLeft(wallClock) };

    /// <summary>What has been seen of one instance.</summary>
    public InstanceMemory Of(int instance) => Instances.GetValueOrDefault(instance, InstanceMemory.Nothing);
}
