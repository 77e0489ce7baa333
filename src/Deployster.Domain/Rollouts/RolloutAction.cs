using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>One thing to do to one unit. Each can be done twice without harm.</summary>
/// <param name="Unit">The unit.</param>
public abstract record RolloutAction(UnitName Unit);

/// <summary>Make the unit and start it.</summary>
/// <param name="Unit">The unit.</param>
public sealed record LaunchUnit(UnitName Unit) : RolloutAction(Unit);

/// <summary>Tell the fleet what to make of the unit.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="TargetState">What to make of it.</param>
public sealed record SetTargetState(UnitName Unit, TargetState TargetState) : RolloutAction(Unit);

/// <summary>Stop the unit and remove it.</summary>
/// <param name="Unit">The unit.</param>
public sealed record DestroyUnit(UnitName Unit) : RolloutAction(Unit);
