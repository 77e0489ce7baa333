using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>Whatever sends requests to units.</summary>
public interface ITraffic
{
    /// <summary>
    /// Sends no more requests to a unit and waits until those in flight have ended, or may not go on any longer.
    /// The unit can be destroyed then.
    /// </summary>
    Task ReleaseAsync(UnitName unit, CancellationToken cancellationToken);
}
