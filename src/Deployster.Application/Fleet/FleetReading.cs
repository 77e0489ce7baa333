using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>The units of a fleet as they were seen at one moment.</summary>
/// <param name="Version">Grows with every reading that is published in this process, but where the fleet knows that nothing has changed.</param>
/// <param name="BeganAt">When the fleet was asked, by the monotonic clock.</param>
/// <param name="Units">The units, in the order of their names.</param>
public sealed record FleetReading(long Version, TimeSpan BeganAt, ImmutableArray<Unit> Units)
{
    // A copy with the same units shares it.
    private readonly Lazy<Dictionary<ServiceName, IReadOnlyList<Unit>>> _ofServices = new(() => GroupByService(Units));

    /// <summary>The units of a service, in the order of their names: for the same units the same list.</summary>
    public IReadOnlyList<Unit> Of(ServiceName service) => _ofServices.Value.GetValueOrDefault(service, []);

    /// <summary>The units of a deploy, in the order of their instances.</summary>
    public IEnumerable<Unit> Of(DeployId deployId) => Of(deployId.Service).Where(unit => unit.Name.DeployId == deployId);

    /// <summary>The deploys of a service that run: those with healthy units, or, where no unit is healthy, all; newest first.</summary>
    public IReadOnlyList<RunningDeploy> RunningOf(ServiceName service)
    {
        var deploys = Of(service)
            .Where(unit => unit is { IsWanted: true, Intention: not null })
            .GroupBy(unit => unit.Name.DeployId)
            .Select(units => (Running: RunningDeploy.Of([.. units]), IsHealthy: units.Any(unit => unit.IsHealthy)))
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
        return running.Select(deploy => deploy.Id.Version).Distinct().Count() == 1 ? running[0] : null;
    }

    private static Dictionary<ServiceName, IReadOnlyList<Unit>> GroupByService(ImmutableArray<Unit> units) => units
        .GroupBy(unit => unit.Name.DeployId.Service)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<Unit>)[.. group]);

    internal static ImmutableArray<Unit> InOrder(IEnumerable<Unit> units) =>
    [
        .. units.DistinctBy(unit => unit.Name)
            .Select(unit => (Unit: unit, Deploy: unit.Name.DeployId.ToString()))
            .OrderBy(entry => entry.Deploy, StringComparer.Ordinal)
            .ThenBy(entry => entry.Unit.Name.Instance)
            .Select(entry => entry.Unit),
    ];
}
