namespace Deployster.FleetStandIn;

/// <summary>A unit in the fleet's store. What has become of it follows from the time alone.</summary>
internal sealed record StoredUnit(UnitFile File, UnitBehavior Behavior, string DesiredState, DateTimeOffset ChangedAt)
{
    public const string Inactive = "inactive";
    public const string Loaded = "loaded";
    public const string Launched = "launched";

    /// <summary>Whether a machine had the unit already when its desired state was changed.</summary>
    public bool WasOnMachine { get; init; }

    /// <summary>Fleet takes any desired state, and then cannot read the unit any more.</summary>
    public bool IsPoisoned => DesiredState is not (Inactive or Loaded or Launched);

    /// <summary>The target state as readers see it: inactive until the second of the two writes that make a unit.</summary>
    public string VisibleState(DateTimeOffset now) => now < ChangedAt ? Inactive : DesiredState;

    public StoredUnit WithDesiredState(string desiredState, DateTimeOffset now) => desiredState == DesiredState
        ? this
        : this with { DesiredState = desiredState, ChangedAt = now, WasOnMachine = IsOnMachine(now) };

    public bool IsOnMachine(DateTimeOffset now) => DesiredState == Inactive
        ? WasOnMachine && now - ChangedAt < Behavior.Stopping
        : !IsPoisoned && SinceScheduled(now) >= TimeSpan.Zero;

    public string CurrentState(DateTimeOffset now) => IsOnMachine(now) ? DesiredState : Inactive;

    public SystemdState? State(DateTimeOffset now) => !IsOnMachine(now) ? null : DesiredState switch
    {
        Inactive => SystemdState.StopSigterm,
        Loaded => SystemdState.Dead,
        _ => Behavior.StateAfter(SinceScheduled(now)),
    };

    private TimeSpan SinceScheduled(DateTimeOffset now) =>
        now - ChangedAt - (WasOnMachine ? TimeSpan.Zero : Behavior.Scheduling);
}
