using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Fleet's API hands out no logs.</summary>
internal sealed class FleetUnitLogs : IUnitLogs
{
    public Task<IOutputReader> OpenAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken) =>
        throw new LogsNotOfferedException(
            $"Fleet's API hands out no logs: what a unit writes is in the journal of its machine. Read it there with: fleetctl journal {unit}");
}
