using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>
/// The machines that run units. Every operation can be repeated safely.
/// All but <see cref="Describe"/> throw <see cref="FleetUnavailableException"/> where the fleet does not answer.
/// </summary>
public interface IFleetClient
{
    /// <summary>The kind of fleet, as the API names it: <c>fleet</c> or <c>docker</c>.</summary>
    string Kind { get; }

    /// <summary>All units that are named by Deployster's grammar; others are somebody else's.</summary>
    Task<IReadOnlyList<FleetUnit>> ListUnitsAsync(CancellationToken cancellationToken);

    /// <summary>How the units do. A unit that has not come so far yet is missing.</summary>
    Task<IReadOnlyList<UnitState>> ListUnitStatesAsync(CancellationToken cancellationToken);

    /// <summary>The machines that run units.</summary>
    Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken);

    /// <summary>Makes a unit and starts it. To make one that exists changes nothing.</summary>
    Task LaunchUnitAsync(UnitDefinition definition, CancellationToken cancellationToken);

    /// <summary>Tells the fleet what to make of a unit. Does nothing where the unit is gone.</summary>
    Task SetTargetStateAsync(UnitName unit, TargetState targetState, CancellationToken cancellationToken);

    /// <summary>Stops a unit and removes it. Succeeds where it is gone already.</summary>
    Task DestroyUnitAsync(UnitName unit, CancellationToken cancellationToken);

    /// <summary>The last lines a unit has written, oldest first; none where the fleet does not keep them.</summary>
    Task<IReadOnlyList<string>> ReadLastLinesAsync(UnitName unit, int count, CancellationToken cancellationToken);

    /// <summary>What <see cref="LaunchUnitAsync"/> would hand to the fleet, without doing so.</summary>
    /// <exception cref="SpecRefusedException">The fleet cannot take the spec.</exception>
    IReadOnlyList<UnitOption> Describe(UnitDefinition definition);
}
