using Deployster.Domain.Tasks;

namespace Deployster.Api.Contracts;

/// <summary>A task.</summary>
public sealed class TaskResource
{
    /// <summary>Its id.</summary>
    /// <example>019352a1b7c47d0e9f7b6a5c4d3e2f10</example>
    public string Id { get; init; } = "";

    /// <summary>The service whose image it runs in.</summary>
    /// <example>railsapp</example>
    public string Service { get; init; } = "";

    /// <summary>The image's version.</summary>
    /// <example>7bdae1c</example>
    public string Version { get; init; } = "";

    /// <summary>What it is for.</summary>
    public TaskPurpose Purpose { get; init; }

    /// <summary>The image.</summary>
    /// <example>mycompany/railsapp:7bdae1c</example>
    public string Image { get; init; } = "";

    /// <summary>The id of the image that the task's container runs; null until the image has been pulled.</summary>
    /// <example>sha256:1c35c441208254cb7c3844ba95a96485388cef9ccc0646d562c7fc026e04c807</example>
    public string? ImageId { get; init; }

    /// <summary>The command as words.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>How many seconds it may run.</summary>
    public int Timeout { get; init; }

    /// <summary>The state of the task.</summary>
    public TaskRunStatus Status { get; init; }

    /// <summary>The command's exit code; 124 if its time was up, 143 if it was cancelled, 125 if it could not be completed; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it ended, if the exit code alone does not explain it.</summary>
    public string? Message { get; init; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When its command was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The user who requested it; null if that is not recorded.</summary>
    /// <example>deployster</example>
    public string? RequestedBy { get; init; }

    /// <summary>The address from which it was requested; null if that is not recorded.</summary>
    /// <example>127.0.0.1</example>
    public string? RequestedFrom { get; init; }
}

/// <summary>One page of a service's tasks.</summary>
public sealed class TaskList
{
    /// <summary>The tasks, newest first.</summary>
    public required IReadOnlyList<TaskResource> Tasks { get; init; }

    /// <summary>The <c>cursor</c> for the next page; null on the last page.</summary>
    public string? NextCursor { get; init; }
}
