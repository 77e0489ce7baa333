namespace Deployster.Domain.Units;

/// <summary>What a fleet is told to make of a unit, in Fleet's words.</summary>
public enum TargetState
{
    /// <summary>Known to the fleet, on no machine.</summary>
    Inactive,

    /// <summary>On a machine, not started.</summary>
    Loaded,

    /// <summary>On a machine and started.</summary>
    Launched,
}
