using Deployster.Domain.Names;

namespace Deployster.Application.Routing;

/// <summary>A unit as gateways see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Where it answers, <c>host:port</c>; null while it does nowhere.</param>
/// <param name="Traffic">What may be sent to it.</param>
public sealed record RoutedUnit(UnitName Name, string? Endpoint, UnitTraffic Traffic);
