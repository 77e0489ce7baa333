namespace Deployster.Application.Routing;

/// <summary>What a gateway may send to a unit.</summary>
public enum UnitTraffic
{
    /// <summary>It is healthy: requests.</summary>
    Serving,

    /// <summary>
    /// It is healthy, and those that it replaces still serve: nothing, unless they turn out not to answer.
    /// </summary>
    Standby,

    /// <summary>It is to be destroyed: no requests but those it has, unless all others of its service turn out not to answer.</summary>
    Draining,

    /// <summary>It is not healthy: nothing.</summary>
    Ill,
}
