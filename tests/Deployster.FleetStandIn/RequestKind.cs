namespace Deployster.FleetStandIn;

/// <summary>The kinds of requests to a fleet.</summary>
public enum RequestKind
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>A page of the list of units.</summary>
    ListUnits,

    /// <summary>One unit.</summary>
    GetUnit,

    /// <summary>A unit is created or changed.</summary>
    PutUnit,

    /// <summary>A unit is destroyed.</summary>
    DeleteUnit,

    /// <summary>A page of the list of states.</summary>
    ListStates,

    /// <summary>A page of the list of machines.</summary>
    ListMachines,
}
