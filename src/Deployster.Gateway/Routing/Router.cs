using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Threading.Channels;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Http1;

namespace Deployster.Gateway.Routing;

/// <summary>Finds the service that a host name and a path belong to, by the table that came last.</summary>
internal sealed class Router(ConnectionWatch watch, TimeProvider time)
{
    private readonly Channel<(UnitName Unit, long Version)> _drained = Channel.CreateUnbounded<(UnitName, long)>();
    private Dictionary<ServiceName, ServiceRoute> _routes = [];
    private FrozenDictionary<string, ImmutableArray<ServiceRoute>>? _byHost;

    /// <summary>Whether a table has come.</summary>
    public bool IsReady => _byHost is not null;

    /// <summary>The units that are drained, each by the version of a table.</summary>
    public ChannelReader<(UnitName Unit, long Version)> Drained => _drained.Reader;

    /// <summary>The service of a host name and a path; null where there is none. The longest prefix wins.</summary>
    public ServiceRoute? Find(string host, string path = "/")
    {
        if (_byHost is null || !_byHost.TryGetValue(host.TrimEnd('.'), out var routes))
        {
            return null;
        }

        foreach (var route in routes)
        {
            if (route.Takes(path))
            {
                return route;
            }
        }

        return null;
    }

    /// <summary>Whether a host name is a service's.</summary>
    public bool HasHost(string host) => _byHost?.ContainsKey(host.TrimEnd('.')) == true;

    /// <summary>Routes by another table from now on. Called by one at a time.</summary>
    public void Apply(RoutingTable table)
    {
        var routes = table.Routes.ToDictionary(
            route => route.Service,
            route => _routes.GetValueOrDefault(route.Service)
                ?? new ServiceRoute(route.Service, (unit, version) => _drained.Writer.TryWrite((unit, version)), watch, time));
        foreach (var route in table.Routes)
        {
            routes[route.Service].Update(route, table.Version);
        }

        _routes = routes;
        _byHost = table.Routes
            .SelectMany(route => route.Hosts.Select(host => (Host: host, Route: routes[route.Service])))
            .GroupBy(entry => entry.Host, entry => entry.Route, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                host => host.Key,
                host => host.OrderByDescending(route => route.Settings.PathPrefix?.Value.Length ?? 0).ToImmutableArray(),
                StringComparer.OrdinalIgnoreCase);
    }
}
