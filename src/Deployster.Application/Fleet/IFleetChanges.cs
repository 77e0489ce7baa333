using Deployster.Domain.Names;

namespace Deployster.Application.Fleet;

/// <summary>Tells of a fleet's changes as they happen, as far as the fleet tells itself.</summary>
public interface IFleetChanges
{
    /// <summary>The units to which something happens, from now on; without an end.</summary>
    /// <exception cref="FleetUnavailableException">The fleet does not answer, or has stopped telling.</exception>
    IAsyncEnumerable<UnitName> WatchAsync(CancellationToken cancellationToken);
}
