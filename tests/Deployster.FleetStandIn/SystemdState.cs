namespace Deployster.FleetStandIn;

/// <summary>A unit's active state and sub state.</summary>
internal sealed record SystemdState(string Active, string Sub)
{
    public static readonly SystemdState Dead = new("inactive", "dead");
    public static readonly SystemdState StartPre = new("activating", "start-pre");
    public static readonly SystemdState StartPost = new("activating", "start-post");
    public static readonly SystemdState Running = new("active", "running");
    public static readonly SystemdState AutoRestart = new("activating", "auto-restart");
    public static readonly SystemdState Failed = new("failed", "failed");
    public static readonly SystemdState StopSigterm = new("deactivating", "stop-sigterm");
}
