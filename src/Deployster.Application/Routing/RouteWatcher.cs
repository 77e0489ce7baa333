using Deployster.Application.Fleet;
using Deployster.Application.Maintenances;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Routing;

/// <summary>Shows each reading of the fleet to the gateways, and what is closed.</summary>
internal sealed class RouteWatcher(
    FleetMonitor monitor, ITraffic traffic, ClosedServices closed, TimeProvider time, ILogger<RouteWatcher> logger)
    : ResilientService(time, logger)
{
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        closed.Tell();
        await foreach (var reading in monitor.FollowAsync(stoppingToken))
        {
            traffic.Show(reading);
        }
    }
}
