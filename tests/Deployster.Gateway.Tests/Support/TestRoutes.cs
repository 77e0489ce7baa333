using System.Collections.Concurrent;
using System.Threading.Channels;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Routes as a test sets them.</summary>
internal sealed class TestRoutes : IRouteSource
{
    private readonly Channel<RoutingTable> _tables = Channel.CreateUnbounded<RoutingTable>();
    private long _version;

    /// <summary>The units that were drained, with the version of the table.</summary>
    public ConcurrentQueue<(UnitName Unit, long Version)> Drained { get; } = new();

    public long Set(params Route[] routes)
    {
        _tables.Writer.TryWrite(new RoutingTable(++_version, [.. routes]));
        return _version;
    }

    public long Set(params RoutedUnit[] units) => Set(RouteOf("hello", units));

    public static Route RouteOf(string service, params RoutedUnit[] units) =>
        new(ServiceName.Parse(service), [$"{service}.localhost"], [.. units]);

    /// <summary>The route of a service with one unit, which the gateway waits for so long.</summary>
    public static Route RouteOf(RoutedUnit unit, Timeouts timeouts) =>
        RouteOf("hello", unit) with { Settings = RouteSettings.Default with { Timeouts = timeouts } };

    public IAsyncEnumerable<RoutingTable> FollowAsync(CancellationToken cancellationToken) =>
        _tables.Reader.ReadAllAsync(cancellationToken);

    public Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        Drained.Enqueue((unit, version));
        return Task.CompletedTask;
    }
}
