using Deployster.Domain.Units;

namespace Deployster.Application.Units;

/// <summary>A unit and how it does.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="State">Its state; null while its fleet has none.</param>
public sealed record UnitDetails(FleetUnit Unit, UnitState? State);
