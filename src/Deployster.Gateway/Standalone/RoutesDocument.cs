using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Gateway.Standalone;

/// <summary>A routing table as the API tells it to gateways.</summary>
/// <param name="Version">Grows with every change.</param>
/// <param name="Routes">A route for each service that has units.</param>
public sealed record RoutesDocument(long Version, IReadOnlyList<RouteEntry> Routes)
{
    /// <summary>Writes a table down.</summary>
    public static RoutesDocument Of(RoutingTable table) => new(
        table.Version,
        [
            .. table.Routes.Select(route => new RouteEntry(
                route.Service.Value,
                route.Hosts,
                [.. route.Units.Select(unit => new UnitEntry(unit.Name.ToString(), unit.Endpoint, unit.Traffic))])),
        ]);

    /// <summary>Reads the table.</summary>
    /// <exception cref="FormatException">It names what no name is.</exception>
    public RoutingTable Read() => new(
        Version,
        [
            .. Routes.Select(route => new Route(
                ServiceName.Parse(route.Service),
                [.. route.Hosts],
                [.. route.Units.Select(unit => new RoutedUnit(UnitName.Parse(unit.Unit), unit.Endpoint, unit.Traffic))])),
        ]);
}

/// <summary>Where a service's requests go.</summary>
/// <param name="Service">The service.</param>
/// <param name="Hosts">The host names of its requests.</param>
/// <param name="Units">Its units.</param>
public sealed record RouteEntry(string Service, IReadOnlyList<string> Hosts, IReadOnlyList<UnitEntry> Units);

/// <summary>A unit.</summary>
/// <param name="Unit">Its name.</param>
/// <param name="Endpoint">Where it answers, <c>host:port</c>; null while it does nowhere.</param>
/// <param name="Traffic">What may be sent to it.</param>
public sealed record UnitEntry(string Unit, string? Endpoint, UnitTraffic Traffic);

/// <summary>Tells the API that a gateway has drained a unit: it has no request there, and will send none.</summary>
/// <param name="Unit">The unit, which is draining.</param>
/// <param name="Version">The version of the table by which it does.</param>
public sealed record DrainedBody(string Unit, long Version);
