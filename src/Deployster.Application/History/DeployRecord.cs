using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.History;

/// <summary>A deploy as it is remembered.</summary>
public sealed record DeployRecord
{
    /// <summary>The deploy.</summary>
    public required DeployId DeployId { get; init; }

    /// <summary>What it was meant to become.</summary>
    public required Intention Intention { get; init; }

    /// <summary>How far it has come.</summary>
    public DeployStatus Status { get; init; } = DeployStatus.InProgress;

    /// <summary>How it ended, for a reader; null while it is under way.</summary>
    public string? Message { get; init; }

    /// <summary>When it ended; null while it is under way, or where nobody saw it.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>
    /// How many units it is to keep, since it has succeeded: 0 once it was destroyed or replaced. Null where nothing is to
    /// be kept by this number.
    /// </summary>
    public int? UnitCount { get; init; }

    /// <summary>
    /// How its canary does; null where it has none, or it was promoted. Only a rollout under way knows: it is written
    /// down nowhere but among the events.
    /// </summary>
    public CanaryState? Canary { get; init; }

    /// <summary>Who asked for it.</summary>
    public Requester? Requester { get; init; }
}
