namespace Deployster.Domain.Rollouts;

/// <summary>How far a deploy has come.</summary>
public enum DeployStatus
{
    /// <summary>Its rollout is under way.</summary>
    InProgress,

    /// <summary>Its units are healthy and what it replaces is gone.</summary>
    Succeeded,

    /// <summary>It did not become healthy; its units are left to be looked at.</summary>
    Failed,

    /// <summary>It did not become healthy; its units are gone and what it was to replace stays.</summary>
    RolledBack,

    /// <summary>It was given up on request; its units are gone and what it was to replace stays.</summary>
    Cancelled,
}
