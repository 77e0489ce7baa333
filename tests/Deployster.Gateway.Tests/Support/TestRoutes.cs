using System.Collections.Concurrent;
using System.Threading.Channels;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

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

    public IAsyncEnumerable<RoutingTable> FollowAsync(CancellationToken cancellationToken) =>
        _tables.Reader.ReadAllAsync(cancellationToken);

    public Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        Drained.Enqueue((unit, version));
        return Task.CompletedTask;
    }
}
