namespace Deployster.Domain.Rollouts;

/// <summary>How far the release command of a deploy has come.</summary>
/// <param name="Phase">In a word.</param>
/// <param name="Message">Why it has failed, for a reader; empty otherwise.</param>
public sealed record ReleaseState(ReleasePhase Phase, string Message = "")
{
    /// <summary>It has not been started yet.</summary>
    public static ReleaseState NotBegun { get; } = new(ReleasePhase.NotBegun);

    /// <summary>It runs.</summary>
    public static ReleaseState Running { get; } = new(ReleasePhase.Running);

    /// <summary>It ended with exit code 0.</summary>
    public static ReleaseState Succeeded { get; } = new(ReleasePhase.Succeeded);

    /// <summary>It ended otherwise, or its end is not known: it is not run again.</summary>
    public static ReleaseState Failed(string message) => new(ReleasePhase.Failed, message);
}

/// <summary>What a release command does.</summary>
public enum ReleasePhase
{
    /// <summary>It has not been started yet.</summary>
    NotBegun,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It ended with exit code 0.</summary>
    Succeeded,

    /// <summary>It ended otherwise, or was lost.</summary>
    Failed,
}
