using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using MediatR;

namespace Deployster.Application.Services;

/// <summary>Asks for every service with what runs of it.</summary>
public sealed record ListServices : IRequest<IReadOnlyList<ServiceSummary>>;

internal sealed class ListServicesHandler(IFleetClient fleet, RolloutAdoption adoption, WatchedDeploys watched)
    : IRequestHandler<ListServices, IReadOnlyList<ServiceSummary>>
{
    public async Task<IReadOnlyList<ServiceSummary>> Handle(ListServices request, CancellationToken cancellationToken)
    {
        var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
        await adoption.AdoptFromFleetAsync(snapshot.Units, cancellationToken);
        var underWay = watched.UnderWay.Select(deploy => deploy.Record.Deploy).ToLookup(deploy => deploy.Service);
        return
        [
            .. snapshot.Units.Select(unit => unit.Name.Deploy.Service)
                .Concat(underWay.Select(deploys => deploys.Key))
                .Distinct()
                .OrderBy(service => service.Value, StringComparer.Ordinal)
                .Select(service => new ServiceSummary(service, Summarise(service, snapshot), underWay[service].FirstOrDefault())
                {
                    Units = snapshot.DetailsOf(service),
                }),
        ];
    }

    private static IReadOnlyList<RunningSummary> Summarise(ServiceName service, FleetSnapshot snapshot) =>
    [
        .. snapshot.DetailsOf(service)
            .GroupBy(unit => unit.Unit.Name.Deploy)
            .OrderByDescending(units => units.Max(unit => unit.Unit.Intention?.RequestedAt ?? units.Key.Timestamp.Time))
            .Select(units => new RunningSummary(
                units.Key, units.Count(), units.Count(unit => unit.State is { IsHealthy: true }))),
    ];
}
