using Deployster.Domain.Names;

namespace Deployster.Domain.Units;

/// <summary>All that a fleet needs to know to make a unit.</summary>
/// <param name="Name">The unit's name.</param>
/// <param name="Intention">The intention of its deploy.</param>
public sealed record UnitDefinition(UnitName Name, Intention Intention);
