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

/// <summary>A task that is asked for.</summary>
public sealed class TaskRequestBody
{
    /// <summary>The version: the image's tag.</summary>
    /// <example>7bdae1c</example>
    public string? Version { get; init; }

    /// <summary>
    /// The command: a list of words, or a line. The line is split as a shell does, except where the image's entrypoint is
    /// a shell with <c>-c</c>, which gets it as it is.
    /// </summary>
    public CommandText? Command { get; init; }

    /// <summary>How many seconds it may run, 1 to 86400; by default what the server was started with, 600.</summary>
    /// <example>600</example>
    public int? Timeout { get; init; }

    /// <summary>Environment variables by name, over those of the version that runs.</summary>
    public Dictionary<string, string?>? Env { get; init; }
}
