using Deployster.Domain.Rollouts;

namespace Deployster.Application.Webhooks;

/// <summary>The names of the events that receivers are told.</summary>
public static class WebhookNames
{
    /// <summary>A deploy was registered; it will be carried out.</summary>
    public const string DeployRequested = "deploy.requested";

    /// <summary>A deploy has ended well.</summary>
    public const string DeploySucceeded = "deploy.succeeded";

    /// <summary>A deploy has ended badly; its units are left to be looked at.</summary>
    public const string DeployFailed = "deploy.failed";

    /// <summary>A deploy was given up because it failed; what it was to replace runs as before.</summary>
    public const string DeployRolledBack = "deploy.rolled_back";

    /// <summary>A deploy was given up on request.</summary>
    public const string DeployCancelled = "deploy.cancelled";

    /// <summary>A task has ended, well or not.</summary>
    public const string TaskEnded = "task.ended";

    /// <summary>The event with which a deploy ends; null where it has not.</summary>
    public static string? OfEnd(DeployStatus status) => status switch
    {
        DeployStatus.Succeeded => DeploySucceeded,
        DeployStatus.Failed => DeployFailed,
        DeployStatus.RolledBack => DeployRolledBack,
        DeployStatus.Cancelled => DeployCancelled,
        _ => null,
    };
}
