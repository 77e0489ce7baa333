using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using MediatR;

namespace Deployster.Application.Services;

/// <summary>Asks for every service with what runs of it.</summary>
public sealed record ListServices : IRequest<IReadOnlyList<ServiceSummary>>;

internal sealed class ListServicesHandler(FleetMonitor monitor, LiveRollouts rollouts)
    : IRequestHandler<ListServices, IReadOnlyList<ServiceSummary>>
{
    public async Task<IReadOnlyList<ServiceSummary>> Handle(ListServices request, CancellationToken cancellationToken)
    {
        var reading = await monitor.ReadAsync(cancellationToken);
        var underWay = rollouts.UnderWay.Select(rollout => rollout.Record.DeployId).ToLookup(deployId => deployId.Service);
        return
        [
            .. reading.Units.Select(unit => unit.Name.DeployId.Service)
                .Concat(underWay.Select(deploys => deploys.Key))
                .Distinct()
                .OrderBy(service => service.Value, StringComparer.Ordinal)
                .Select(service => new ServiceSummary(service, Summarise(service, reading), underWay[service].FirstOrDefault())
                {
                    Units = [.. reading.Of(service)],
                }),
        ];
    }

    private static IReadOnlyList<DeploySummary> Summarise(ServiceName service, FleetReading reading) =>
    [
        .. reading.Of(service)
            .GroupBy(unit => unit.Name.DeployId)
            .OrderByDescending(units => units.Max(unit => unit.Intention?.RequestedAt ?? units.Key.Timestamp.Time))
            .Select(units => new DeploySummary(
                units.Key, units.Count(), units.Count(unit => unit.IsHealthy))),
    ];
}
