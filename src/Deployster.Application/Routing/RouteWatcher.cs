using Deployster.Application.Fleet;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Routing;

/// <summary>Shows each reading of the fleet to the gateways.</summary>
internal sealed class RouteWatcher(FleetMonitor monitor, ITraffic traffic, TimeProvider time, ILogger<RouteWatcher> logger)
    : ResilientService(time, logger)
{
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var reading in monitor.FollowAsync(stoppingToken))
        {
            traffic.Show(reading);
        }
    }
}
