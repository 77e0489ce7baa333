using System.Collections.Immutable;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Routing;

/// <summary>What a gateway needs to know to route requests.</summary>
/// <param name="Version">Grows with every change, also from one process of the API to the next.</param>
/// <param name="Routes">A route for each service that has units, by the service's name.</param>
public sealed record RoutingTable(long Version, ImmutableArray<Route> Routes)
{
    /// <summary>The routes of a fleet as it is.</summary>
    internal static ImmutableArray<Route> RoutesOf(
        FleetReading fleet,
        HostNames names,
        IReadOnlyDictionary<UnitName, Drain> drains,
        IReadOnlyDictionary<ServiceName, Maintenance> closed)
    {
        var onTrial = OnTrial(fleet.Units, drains);
        var services = fleet.Units.Where(unit => unit.Intention?.Spec.Port != 0).GroupBy(unit => unit.Name.DeployId.Service)
            .OrderBy(units => units.Key.Value, StringComparer.Ordinal)
            .Select(units => (Name: units.Key, Units: units.ToList(), Settings: SettingsOf(units, onTrial)))
            .ToList();

        // A request that claims another service's name is refused; who gets by all the same takes nobody's traffic away.
        var taken = services.Select(service => (names.Of(service.Name), service.Settings.PathPrefix)).ToHashSet();
        return
        [
            .. services.Select(service => new Route(
                service.Name,
                [
                    names.Of(service.Name),
                    .. service.Units.SelectMany(unit => unit.Intention?.Spec.Hosts ?? [])
                        .Select(host => host.Value)
                        .Order(StringComparer.Ordinal)
                        .Where(host => taken.Add((host, service.Settings.PathPrefix))),
                ],
                UnitsOf(service.Units, onTrial, drains))
            {
                Settings = service.Settings,
                Maintenance = closed.GetValueOrDefault(service.Name),
            }),
        ];
    }

    // As the last deploy says that has proved itself.
    private static RouteSettings SettingsOf(IEnumerable<Unit> units, HashSet<DeployId> onTrial) => units
        .Where(unit => unit.Intention is not null)
        .OrderBy(unit => onTrial.Contains(unit.Name.DeployId))
        .ThenByDescending(unit => unit.IsWanted)
        .ThenByDescending(unit => unit.Name.DeployId.Timestamp.ToString(), StringComparer.Ordinal)
        .Select(unit => RouteSettings.Of(unit.Intention!.Spec))
        .FirstOrDefault(RouteSettings.Default);

    private static ImmutableArray<RoutedUnit> UnitsOf(
        IReadOnlyList<Unit> units, HashSet<DeployId> onTrial, IReadOnlyDictionary<UnitName, Drain> drains)
    {
        var isAnyHealthy = units.Any(unit => unit.IsHealthy);
        UnitTraffic TrafficOf(Unit unit) =>
            drains.ContainsKey(unit.Name) ? UnitTraffic.Draining
            : unit.Endpoint is null ? UnitTraffic.Ill
            : (unit.IsHealthy, onTrial.Contains(unit.Name.DeployId)) switch
            {
                (true, true) => UnitTraffic.Standby,
                (true, false) => UnitTraffic.Serving,

                // A service whose units are all ill keeps getting its requests: nothing better is there.
                (false, false) when !isAnyHealthy && unit is { IsWanted: true, Phase: Phase.Running } => UnitTraffic.Serving,
                _ => UnitTraffic.Ill,
            };

        return
        [
            .. units.Where(unit => !drains.TryGetValue(unit.Name, out var drain) || !drain.IsOver)
                .OrderBy(unit => unit.Name.ToString(), StringComparer.Ordinal)
                .Select(unit => new RoutedUnit(unit.Name, unit.Endpoint, TrafficOf(unit))),
        ];
    }

    /// <summary>
    /// The deploys that have to prove themselves before the units that they replace go: a version that is healthy at
    /// first and then fails must not take requests with it. It is over as soon as one of the replaced units is marked to
    /// go and drained. Units of batches and of a canary serve beside the others, each as soon as it is healthy.
    /// </summary>
    private static HashSet<DeployId> OnTrial(IReadOnlyCollection<Unit> units, IReadOnlyDictionary<UnitName, Drain> drains)
    {
        bool IsOnTrial(Deploy deploy)
        {
            var picture = RolloutPicture.Of(deploy, units);
            return deploy is { Intention.DestroyPrevious: true, EntersAtOnce: true }
                && !picture.KeptReplaced.IsEmpty
                && !picture.IsMarkedSucceeded
                && !picture.Replaced.Any(unit => drains.ContainsKey(unit.Name));
        }

        return UnfinishedRollouts.Find(units).Where(IsOnTrial).Select(deploy => deploy.Id).ToHashSet();
    }
}
