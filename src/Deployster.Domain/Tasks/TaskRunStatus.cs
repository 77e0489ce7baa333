namespace Deployster.Domain.Tasks;

/// <summary>How far a task has come.</summary>
public enum TaskRunStatus
{
    /// <summary>It runs, or its image is being pulled.</summary>
    Running,

    /// <summary>It ended with exit code 0.</summary>
    Succeeded,

    /// <summary>It ended with another exit code, or could not be carried through.</summary>
    Failed,

    /// <summary>It was stopped because its time was up.</summary>
    TimedOut,

    /// <summary>It was stopped on request.</summary>
    Cancelled,
}
