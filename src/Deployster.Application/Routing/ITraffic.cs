using Deployster.Application.Fleet;
using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>Whatever sends requests to units.</summary>
public interface ITraffic
{
    /// <summary>Tells which units there are and how they do. A reading older than one that was shown tells nothing.</summary>
    void Show(FleetReading fleet);

    /// <summary>
    /// Sends no more requests to a unit and waits until those in flight have ended, or may not go on any longer.
    /// The unit can be destroyed then. If it is cancelled, the unit is sent requests again.
    /// </summary>
    Task DrainAsync(UnitName unit, CancellationToken cancellationToken);

    /// <summary>The unit stays, or comes back: it may be sent requests again.</summary>
    void StopDraining(UnitName unit);
}
