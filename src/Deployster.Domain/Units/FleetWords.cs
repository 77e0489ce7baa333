namespace Deployster.Domain.Units;

/// <summary>How a unit does in the words of Fleet and systemd, for readers who know them. Nothing decides by them.</summary>
/// <param name="Desired">What the fleet was told to make of the unit: <c>inactive</c>, <c>loaded</c> or <c>launched</c>.</param>
/// <param name="Current">What the fleet has made of it so far, in the same words.</param>
/// <param name="Active">systemd's active state: <c>active</c>, <c>activating</c>, <c>failed</c>, <c>inactive</c>; null while there is none.</param>
/// <param name="Sub">systemd's sub state: <c>running</c>, <c>start-pre</c>, <c>start-post</c>, <c>auto-restart</c>, <c>failed</c>, <c>dead</c>; null while there is none.</param>
public sealed record FleetWords(string Desired, string Current, string? Active, string? Sub)
{
    /// <summary>The words for a unit of a fleet that has none of its own.</summary>
    public static FleetWords Of(Wanted wanted, Phase phase)
    {
        var (current, active, sub) = phase switch
        {
            Phase.Waiting => ("inactive", null, null),
            Phase.Preparing => ("inactive", "activating", "start-pre"),
            Phase.Starting => ("launched", "activating", "start"),
            Phase.Running => ("launched", "activating", "start-post"),
            Phase.Healthy => ("launched", "active", "running"),
            Phase.Restarting => ("launched", "activating", "auto-restart"),
            Phase.Stopping => ("launched", "deactivating", "stop-sigterm"),
            Phase.Failed => ("loaded", "failed", "failed"),
            _ => ("loaded", "inactive", "dead"),
        };
        var desired = wanted switch
        {
            Wanted.Running => "launched",
            Wanted.Stopped => "inactive",
            _ => "loaded",
        };
        return new FleetWords(desired, current, active, sub);
    }
}
