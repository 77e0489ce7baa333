using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Gateway.Routing;

/// <summary>The routes of the process that the gateway itself is part of.</summary>
internal sealed class OwnRoutes(Routes routes) : IRouteSource
{
    private const string Gateway = "own";

    public IAsyncEnumerable<RoutingTable> FollowAsync(CancellationToken cancellationToken) =>
        routes.FollowAsync(Gateway, cancellationToken);

    public Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        routes.TellDrained(Gateway, unit, version);
        return Task.CompletedTask;
    }
}
