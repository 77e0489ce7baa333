using System.Diagnostics;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>The units of a fleet and their states at one moment.</summary>
/// <param name="Units">The units.</param>
/// <param name="States">Their states.</param>
public sealed record FleetSnapshot(IReadOnlyList<FleetUnit> Units, IReadOnlyList<UnitState> States)
{
    /// <summary>When it was taken: more than that of any snapshot whose taking ended before, in this process.</summary>
    public long Order { get; init; }

    /// <summary>Reads a fleet.</summary>
    /// <exception cref="FleetUnavailableException">The fleet does not answer.</exception>
    public static async Task<FleetSnapshot> TakeAsync(IFleetClient fleet, CancellationToken cancellationToken)
    {
        var order = Stopwatch.GetTimestamp();
        var units = fleet.ListUnitsAsync(cancellationToken);
        var states = fleet.ListUnitStatesAsync(cancellationToken);
        await Task.WhenAll(units, states);
        return new FleetSnapshot(await units, await states) { Order = order };
    }

    /// <summary>The units of a service.</summary>
    public IEnumerable<FleetUnit> Of(ServiceName service) => Units.Where(unit => unit.Name.Deploy.Service == service);

    /// <summary>The units of a deploy.</summary>
    public IEnumerable<FleetUnit> Of(DeployId deploy) => Units.Where(unit => unit.Name.Deploy == deploy);

    /// <summary>The units of a service with their states, in the order of their names.</summary>
    public IReadOnlyList<UnitDetails> DetailsOf(ServiceName service) => Details(Of(service));

    /// <summary>The units of a deploy with their states, in the order of their instances.</summary>
    public IReadOnlyList<UnitDetails> DetailsOf(DeployId deploy) => Details(Of(deploy));

    /// <summary>The deploys of a service that run: those with healthy units, or, where no unit is healthy, all.</summary>
    public IReadOnlyList<RunningDeploy> RunningOf(ServiceName service)
    {
        var healthy = States.Where(state => state.IsHealthy).Select(state => state.Name).ToHashSet();
        var deploys = Of(service)
            .Where(unit => unit is { TargetState: TargetState.Launched, Intention: not null })
            .GroupBy(unit => unit.Name.Deploy)
            .Select(units => (
                Running: new RunningDeploy(units.Key, IntentionOf([.. units])),
                IsHealthy: units.Any(unit => healthy.Contains(unit.Name))))
            .ToList();
        var isAnyHealthy = deploys.Exists(deploy => deploy.IsHealthy);
        return
        [
            .. deploys.Where(deploy => deploy.IsHealthy || !isAnyHealthy)
                .Select(deploy => deploy.Running)
                .OrderByDescending(deploy => deploy.Intention.RequestedAt),
        ];
    }

    /// <summary>The deploy whose spec a new one inherits: that of the version that runs, where exactly one does.</summary>
    public RunningDeploy? FindInherited(ServiceName service)
    {
        var running = RunningOf(service);
        return running.Select(deploy => deploy.Deploy.Version).Distinct().Count() == 1 ? running[0] : null;
    }

    private static Intention IntentionOf(IReadOnlyCollection<FleetUnit> units)
    {
        var intention = units.MinBy(unit => unit.Name.Instance)!.Intention!;
        return intention with { Spec = intention.Spec with { InstanceCount = units.Count } };
    }

    private IReadOnlyList<UnitDetails> Details(IEnumerable<FleetUnit> units)
    {
        var states = States.DistinctBy(state => state.Name).ToDictionary(state => state.Name);
        return
        [
            .. units.OrderBy(unit => unit.Name.Deploy.ToString(), StringComparer.Ordinal)
                .ThenBy(unit => unit.Name.Instance)
                .Select(unit => new UnitDetails(unit, states.GetValueOrDefault(unit.Name))),
        ];
    }
}
