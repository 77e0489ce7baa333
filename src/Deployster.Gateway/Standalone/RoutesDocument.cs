using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

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
                [.. route.Units.Select(unit => new UnitEntry(unit.Name.ToString(), unit.Endpoint, unit.Traffic))])
            {
                PathPrefix = route.Settings.PathPrefix?.Value,
                StripPrefix = route.Settings.StripsPrefix,
                HttpsRedirect = route.Settings.HttpsRedirect,
                Affinity = route.Settings.Affinity,
                ResponseTimeout = route.Settings.Timeouts.Response.TotalSeconds,
                IdleTimeout = route.Settings.Timeouts.Idle?.TotalSeconds,
                Maintenance = route.Maintenance is { } closed ? new MaintenanceEntry(closed.Message, (int?)closed.RetryAfter?.TotalSeconds) : null,
            }),
        ]);

    /// <summary>Reads the table.</summary>
    /// <exception cref="FormatException">It names what no name is.</exception>
    public RoutingTable Read() => new(
        Version,
        [
            .. Routes.Select(route => new Route(
                ServiceName.Parse(route.Service),
                [.. route.Hosts],
                [.. route.Units.Select(unit => new RoutedUnit(UnitName.Parse(unit.Unit), unit.Endpoint, unit.Traffic))])
            {
                Settings = route.Settings(),
                Maintenance = route.Maintenance is { } closed ? new Maintenance(closed.Message, Span(closed.RetryAfter)) : null,
            }),
        ]);

    internal static TimeSpan? Span(double? seconds) => seconds is { } count ? TimeSpan.FromSeconds(count) : null;
}

/// <summary>Where a service's requests go.</summary>
/// <param name="Service">The service.</param>
/// <param name="Hosts">The host names of its requests.</param>
/// <param name="Units">Its units.</param>
public sealed record RouteEntry(string Service, IReadOnlyList<string> Hosts, IReadOnlyList<UnitEntry> Units)
{
    /// <summary>The beginning of the paths that belong to the service; null for all.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Whether units get the path without it.</summary>
    public bool StripPrefix { get; init; }

    /// <summary>Whether plain HTTP is redirected to HTTPS; null for as the gateway does.</summary>
    public bool? HttpsRedirect { get; init; }

    /// <summary>How a client is kept at one unit; null for not at all.</summary>
    public Affinity? Affinity { get; init; }

    /// <summary>Seconds until the head of an answer.</summary>
    public double ResponseTimeout { get; init; } = Timeouts.Default.Response.TotalSeconds;

    /// <summary>Seconds between two pieces of a body; null for ever.</summary>
    public double? IdleTimeout { get; init; } = Timeouts.Default.Idle?.TotalSeconds;

    /// <summary>Why it is closed; null where it is open.</summary>
    public MaintenanceEntry? Maintenance { get; init; }

    internal RouteSettings Settings() => new(
        PathPrefix is null ? null : Domain.Specs.PathPrefix.Read(PathPrefix) ?? throw new FormatException($"'{PathPrefix}' is no path prefix."),
        StripPrefix,
        HttpsRedirect,
        Affinity,
        new Timeouts { Response = TimeSpan.FromSeconds(ResponseTimeout), Idle = RoutesDocument.Span(IdleTimeout) });
}

/// <summary>A service that is closed for a while.</summary>
/// <param name="Message">What its page says; null for what the gateway says by itself.</param>
/// <param name="RetryAfter">Seconds after which it may be worth to come again; null where nobody knows.</param>
public sealed record MaintenanceEntry(string? Message, int? RetryAfter);

/// <summary>A unit.</summary>
/// <param name="Unit">Its name.</param>
/// <param name="Endpoint">Where it answers, <c>host:port</c>; null while it does nowhere.</param>
/// <param name="Traffic">What may be sent to it.</param>
public sealed record UnitEntry(string Unit, string? Endpoint, UnitTraffic Traffic);

/// <summary>Tells the API that a gateway has drained a unit: it has no request there, and will send none.</summary>
/// <param name="Unit">The unit, which is draining.</param>
/// <param name="Version">The version of the table by which it does.</param>
public sealed record DrainedBody(string Unit, long Version);
