using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>The part of a fleet that matters to one rollout.</summary>
internal sealed record RolloutPicture(
    ImmutableSortedDictionary<int, FleetUnit> Own,
    ImmutableArray<FleetUnit> Replaced,
    ImmutableDictionary<UnitName, UnitState> States)
{
    public static RolloutPicture Of(
        Rollout rollout, IReadOnlyCollection<FleetUnit> units, IReadOnlyCollection<UnitState> states)
    {
        var own = units.Where(unit => unit.Name.Deploy == rollout.Deploy)
            .DistinctBy(unit => unit.Name)
            .ToImmutableSortedDictionary(unit => unit.Name.Instance, unit => unit);
        return new RolloutPicture(
            own,
            [
                .. units.Where(rollout.IsReplaced)
                    .DistinctBy(unit => unit.Name)
                    .OrderBy(unit => unit.Name.ToString(), StringComparer.Ordinal),
            ],
            // A unit that was destroyed may show a state until its process has ended.
            states.Where(state => state.Name.Deploy == rollout.Deploy && own.ContainsKey(state.Name.Instance))
                .DistinctBy(state => state.Name)
                .ToImmutableDictionary(state => state.Name));
    }

    public UnitState? StateOf(UnitName unit) => States.GetValueOrDefault(unit);

    /// <summary>Whether the fleet has the unit and was told to run it.</summary>
    public bool IsLaunched(UnitName unit) =>
        Own.GetValueOrDefault(unit.Instance) is { TargetState: TargetState.Launched };

    /// <summary>
    /// The mark in the fleet that the deploy was given up. A unit whose launch this watcher saw from its beginning is
    /// none: a fleet makes a unit first and is told to run it then.
    /// </summary>
    public bool IsMarkedGivenUp(RolloutMemory seen) => Own.Values.Any(unit =>
        unit.TargetState == TargetState.Inactive
        && (!seen.Instances.TryGetValue(unit.Name.Instance, out var before) || before.Launched));
}
