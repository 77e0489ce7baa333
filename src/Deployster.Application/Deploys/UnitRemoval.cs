using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>
/// Removes units for good, on request. They are marked first: from then on they go, whoever waits for it, and whatever
/// happens to this process.
/// </summary>
internal sealed class UnitRemoval(DeployActions actions, UnitKeeper keeper)
{
    /// <summary>Marks the units, and notes that their deploys are to keep so many fewer.</summary>
    /// <exception cref="FleetUnavailableException">The fleet does not take the mark.</exception>
    public async Task MarkAsync(IReadOnlyCollection<Unit> units, FleetReading reading)
    {
        foreach (var deploy in units.GroupBy(unit => unit.Name.DeployId))
        {
            var left = reading.Of(deploy.Key).Count(unit => !unit.IsGone) - deploy.Count(unit => !unit.IsGone);
            await keeper.KeepAsync(deploy.Key, left, CancellationToken.None);
        }

        await actions.MarkGoneAsync([.. units.Select(unit => unit.Name)], CancellationToken.None);
    }

    /// <summary>Drains the units and destroys them.</summary>
    /// <exception cref="FleetUnavailableException">One cannot be destroyed at the moment: it is tried again in the background.</exception>
    public Task DestroyAsync(IEnumerable<UnitName> units, CancellationToken cancellationToken) =>
        Task.WhenAll(units.Select(unit => actions.DestroyAsync(unit, cancellationToken)));
}
