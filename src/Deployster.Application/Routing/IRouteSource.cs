using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>Where a gateway learns what to route.</summary>
public interface IRouteSource
{
    /// <summary>The table as it is, then again whenever it has changed, without an end.</summary>
    IAsyncEnumerable<RoutingTable> FollowAsync(CancellationToken cancellationToken);

    /// <summary>Tells that the gateway has drained a unit: it has no request there, and will send none.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="version">The version of the table by which it is draining.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken);
}
