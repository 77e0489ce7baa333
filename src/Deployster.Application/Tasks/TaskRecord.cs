using System.Collections.Immutable;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>A task as it is remembered.</summary>
public sealed record TaskRecord
{
    /// <summary>Its id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The service in whose image it runs.</summary>
    public required ServiceName Service { get; init; }

    /// <summary>The image's version.</summary>
    public required VersionTag Version { get; init; }

    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>The id of the image that its container runs; null before that is known, and of tasks of older versions.</summary>
    public string? ImageId { get; init; }

    /// <summary>The command as words; as one where it is a line that the image's shell gets.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>How long it may run.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The timestamp of the deploy whose release command it is; null for a task that somebody asked for by itself.</summary>
    public DeployTimestamp? ReleaseOf { get; init; }

    /// <summary>The deploy whose release command it is; null where it is none.</summary>
    public DeployId? ReleasedDeploy => ReleaseOf is { } timestamp ? new DeployId(Service, Version, timestamp) : null;

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public Requester? Requester { get; init; }

    /// <summary>When its command was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended; null before.</summary>
    public TaskEnd? End { get; init; }

    /// <summary>How far it has come.</summary>
    public TaskRunStatus Status => End?.Status ?? TaskRunStatus.Running;
}
