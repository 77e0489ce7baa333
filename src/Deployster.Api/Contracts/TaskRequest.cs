using System.ComponentModel.DataAnnotations;
using Deployster.Application;

namespace Deployster.Api.Contracts;

/// <summary>The body of a request to run a task.</summary>
public sealed class TaskRequest
{
    /// <summary>The task.</summary>
    [Required(ErrorMessage = "is missing.")]
    public TaskRequestBody Task { get; init; } = null!;
}

/// <summary>A requested task.</summary>
public sealed class TaskRequestBody
{
    /// <summary>The version: the image's tag.</summary>
    /// <example>7bdae1c</example>
    public string? Version { get; init; }

    /// <summary>
    /// The command: a list of words, or a line. The line is split like in a shell. If the image's entrypoint is a shell
    /// with <c>-c</c>, that shell gets the line unchanged.
    /// </summary>
    public CommandText? Command { get; init; }

    /// <summary>How many seconds it may run, 1 to 86400. The default is the server's <c>-task-timeout</c>, 600 if it is not set.</summary>
    /// <example>600</example>
    public int? Timeout { get; init; }

    /// <summary>Environment variables by name. They override those of the running version.</summary>
    public Dictionary<string, string?>? Env { get; init; }

    /// <summary>Environment variables whose values are never shown. They override those of the running version; null removes one.</summary>
    public Dictionary<string, string?>? SecretEnv { get; init; }

    /// <summary>How many seconds it may take to end by itself once it is cancelled or its time is up, before it is killed. The default is 10.</summary>
    /// <example>10</example>
    public int? StopTimeout { get; init; }

    /// <summary>The signal that asks it to end: <c>SIGINT</c>. The default is <c>SIGTERM</c>.</summary>
    /// <example>SIGTERM</example>
    public string? StopSignal { get; init; }
}
