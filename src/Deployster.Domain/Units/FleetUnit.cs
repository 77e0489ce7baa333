using Deployster.Domain.Names;

namespace Deployster.Domain.Units;

/// <summary>One running instance of one deploy, as its fleet lists it.</summary>
/// <param name="Name">The unit's name.</param>
/// <param name="TargetState">What the fleet was told to make of it.</param>
/// <param name="CurrentState">What the fleet has made of it so far. Not its health: that is its <see cref="UnitState"/>.</param>
/// <param name="MachineId">The machine it is on; null while there is none.</param>
/// <param name="Intention">The intention of its deploy; null where the unit carries none that can be read.</param>
public sealed record FleetUnit(
    UnitName Name,
    TargetState TargetState,
    TargetState CurrentState,
    string? MachineId,
    Intention? Intention);
