using System.Collections.Immutable;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Routing;

/// <summary>What a gateway needs to know to route requests.</summary>
/// <param name="Version">Grows with every change, also from one process of the API to the next.</param>
/// <param name="Routes">A route for each service that has units, by the service's name.</param>
public sealed record RoutingTable(long Version, ImmutableArray<Route> Routes)
{
    /// <summary>The routes of a fleet as it is.</summary>
    internal static ImmutableArray<Route> RoutesOf(
        FleetSnapshot fleet, HostNames names, IReadOnlyDictionary<UnitName, Release> releases)
    {
        var states = fleet.States.DistinctBy(state => state.Name).ToDictionary(state => state.Name);
        var onTrial = OnTrial(fleet.Units, releases);
        var services = fleet.Units.GroupBy(unit => unit.Name.Deploy.Service)
            .OrderBy(service => service.Key.Value, StringComparer.Ordinal)
            .ToList();

        // A request that claims another service's name is refused; who gets by all the same takes nobody's traffic away.
        var taken = services.Select(service => names.Of(service.Key)).ToHashSet();
        return
        [
            .. services.Select(service => new Route(
                service.Key,
                [
                    names.Of(service.Key),
                    .. service.SelectMany(unit => unit.Intention?.Spec.Hosts ?? [])
                        .Select(host => host.Value)
                        .Order(StringComparer.Ordinal)
                        .Where(taken.Add),
                ],
                [
                    .. service.Select(unit => unit.Name)
                        .Where(unit => !releases.TryGetValue(unit, out var release) || !release.IsOver)
                        .OrderBy(unit => unit.ToString(), StringComparer.Ordinal)
                        .Select(unit => (Name: unit, State: states.GetValueOrDefault(unit)))
                        .Select(unit => new RoutedUnit(
                            unit.Name,
                            unit.State?.Endpoint,
                            releases.ContainsKey(unit.Name) ? UnitTraffic.Leaving
                            : unit.State is not { IsHealthy: true, Endpoint: not null } ? UnitTraffic.Ill
                            : onTrial.Contains(unit.Name.Deploy) ? UnitTraffic.Standby
                            : UnitTraffic.Serving)),
                ])),
        ];
    }

    /// <summary>
    /// The deploys that have to prove themselves before the units that they replace go: a version that is healthy at
    /// first and then fails must not take requests with it. It is over as soon as one of the replaced units leaves.
    /// </summary>
    private static HashSet<DeployId> OnTrial(IReadOnlyList<FleetUnit> units, IReadOnlyDictionary<UnitName, Release> releases)
    {
        bool IsOnTrial(Rollout rollout)
        {
            var replaced = units.Where(rollout.IsReplaced).ToList();
            return rollout.Intention.DestroyPrevious
                && replaced.Count >= rollout.Intention.ReplacedUnitCount
                && !replaced.Exists(unit => releases.ContainsKey(unit.Name));
        }

        return UnfinishedRollouts.Find(units).Where(IsOnTrial).Select(rollout => rollout.Deploy).ToHashSet();
    }
}
