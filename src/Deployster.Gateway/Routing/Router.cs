using System.Collections.Frozen;
using System.Threading.Channels;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Gateway.Routing;

/// <summary>Finds the service that a host name belongs to, by the table that came last.</summary>
internal sealed class Router(TimeProvider time)
{
    private readonly Channel<(UnitName Unit, long Version)> _drained = Channel.CreateUnbounded<(UnitName, long)>();
    private Dictionary<ServiceName, ServiceRoute> _routes = [];
    private FrozenDictionary<string, ServiceRoute>? _byHost;

    /// <summary>Whether a table has come.</summary>
    public bool IsReady => _byHost is not null;

    /// <summary>The units that are drained, each by the version of a table.</summary>
    public ChannelReader<(UnitName Unit, long Version)> Drained => _drained.Reader;

    /// <summary>The service of a host name; null where there is none.</summary>
    public ServiceRoute? Find(string host) => _byHost?.GetValueOrDefault(host.TrimEnd('.'));

    /// <summary>Routes by another table from now on. Called by one at a time.</summary>
    public void Apply(RoutingTable table)
    {
        var routes = table.Routes.ToDictionary(
            route => route.Service,
            route => _routes.GetValueOrDefault(route.Service)
                ?? new ServiceRoute(route.Service, (unit, version) => _drained.Writer.TryWrite((unit, version)), time));
        foreach (var route in table.Routes)
        {
            routes[route.Service].Update(route.Units, table.Version);
        }

        _routes = routes;
        _byHost = table.Routes
            .SelectMany(route => route.Hosts.Select(host => (Host: host, Route: routes[route.Service])))
            .DistinctBy(entry => entry.Host, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(entry => entry.Host, entry => entry.Route, StringComparer.OrdinalIgnoreCase);
    }
}
