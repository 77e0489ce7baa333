using Deployster.Application.Errors;
using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>
/// The machines that run units, told what shall be. Every operation can be repeated safely, and none does more than its
/// name says: reading starts nothing. Trouble that may pass is a <see cref="FleetUnavailableException"/>, a refusal
/// that will not pass a <see cref="SpecRefusedException"/>.
/// </summary>
public interface IFleetClient
{
    /// <summary>What the fleet does by itself.</summary>
    FleetTraits Traits { get; }

    /// <summary>
    /// All units that are named by Deployster's grammar, each once; others are somebody else's. Of a fleet that does not
    /// check health itself no unit is healthy: its phase is running at the best. Where the fleet knows that nothing has
    /// changed since the last call, it gives the same object again.
    /// </summary>
    Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The machines that run units.</summary>
    Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes a deploy be so. A unit is made in one write, so that nobody sees half of it. What takes its time, such as
    /// pulling an image, goes on after this returns and shows in the units' phases; it is tried again when this is called again.
    /// </summary>
    /// <exception cref="SpecRefusedException">The fleet cannot take a unit.</exception>
    Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken);

    /// <summary>Marks units: they are wanted gone, for good. Destroys nothing. Does nothing where one is gone already.</summary>
    Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken);

    /// <summary>Stops units that are marked to go and removes none of them: their marks stay to be read.</summary>
    Task StopAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken);

    /// <summary>Stops units that are marked to go and removes them. Succeeds where they are gone already.</summary>
    Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken);

    /// <summary>Opens a unit's log.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="tail">How many of the last lines; null for all.</param>
    /// <param name="follow">Whether to wait for what the unit will write, over its restarts, until it is destroyed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotFoundException">The unit is gone, or has nothing that could write yet.</exception>
    /// <exception cref="LogsNotOfferedException">The fleet does not hand out logs.</exception>
    Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken);

    /// <summary>The units to which something happens, from now on; without an end. A fleet that tells nothing never yields.</summary>
    IAsyncEnumerable<UnitName> WatchAsync(CancellationToken cancellationToken);

    /// <summary>What <see cref="ApplyAsync"/> would hand to the fleet to make a unit, without doing so.</summary>
    /// <exception cref="SpecRefusedException">The fleet cannot take the spec.</exception>
    IReadOnlyList<UnitOption> Preview(UnitDefinition definition);
}
