namespace Deployster.Domain.Rollouts;

/// <summary>The kinds of things that happen to a deploy.</summary>
public enum RolloutEventKind
{
    /// <summary>The deploy was asked for.</summary>
    Requested,

    /// <summary>The release command is started.</summary>
    Releasing,

    /// <summary>The release command has written something.</summary>
    ReleaseOutput,

    /// <summary>The release command has succeeded.</summary>
    Released,

    /// <summary>A unit is launched.</summary>
    Launching,

    /// <summary>A unit's state has changed.</summary>
    UnitState,

    /// <summary>All units are healthy: from here on the deploy can no longer be given up.</summary>
    Healthy,

    /// <summary>The canary is healthy and waits to be promoted.</summary>
    CanaryWaiting,

    /// <summary>The canary is promoted: the rollout goes on.</summary>
    Promoted,

    /// <summary>A unit that the deploy replaces is stopped or destroyed.</summary>
    Retiring,

    /// <summary>The deploy is given up: its units go, what it was to replace stays.</summary>
    GivingUp,

    /// <summary>Somebody asked to give the deploy up.</summary>
    Cancelling,

    /// <summary>Something stands in the way for now and is tried again.</summary>
    Retrying,

    /// <summary>The number of instances has been changed.</summary>
    Scaled,

    /// <summary>The rollout has ended well.</summary>
    Succeeded,

    /// <summary>The rollout has ended badly; the units are left as they are.</summary>
    Failed,

    /// <summary>The rollout was given up because it failed.</summary>
    RolledBack,

    /// <summary>The rollout was given up on request.</summary>
    Cancelled,
}
