using Deployster.Application.Fleet;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Deployster.Api.Health;

/// <summary>Whether the fleet answers.</summary>
internal sealed class FleetHealthCheck(IFleetClient fleet) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await fleet.ListMachinesAsync(cancellationToken);
            return HealthCheckResult.Healthy("ready");
        }
        catch (FleetUnavailableException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
