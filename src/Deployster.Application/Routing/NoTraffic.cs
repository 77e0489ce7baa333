using Deployster.Application.Fleet;
using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>No gateway is at work: there is nothing to wait for.</summary>
internal sealed class NoTraffic : ITraffic
{
    public void Show(FleetReading fleet)
    {
    }

    public Task DrainAsync(UnitName unit, CancellationToken cancellationToken) => Task.CompletedTask;

    public void StopDraining(UnitName unit)
    {
    }
}
