using Deployster.Domain.Rollouts;

namespace Deployster.Api.Contracts;

/// <summary>Something that happened to a deploy.</summary>
public sealed class EventResource
{
    /// <summary>Its number among the deploy's events, from 1.</summary>
    public long Id { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The kind of event.</summary>
    public RolloutEventKind Kind { get; init; }

    /// <summary>What happened.</summary>
    public string Message { get; init; } = "";

    /// <summary>The unit that it concerns; null if it concerns the whole deploy.</summary>
    public string? Unit { get; init; }
}
