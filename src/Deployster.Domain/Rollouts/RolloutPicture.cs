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
        Rollout rollout, IReadOnlyCollection<FleetUnit> units, IReadOnlyCollection<UnitState> states) =>
        new(
            units.Where(unit => unit.Name.Deploy == rollout.Deploy)
                .DistinctBy(unit => unit.Name)
                .ToImmutableSortedDictionary(unit => unit.Name.Instance, unit => unit),
            [.. units.Where(rollout.IsReplaced).OrderBy(unit => unit.Name.ToString(), StringComparer.Ordinal)],
            states.Where(state => state.Name.Deploy == rollout.Deploy)
                .DistinctBy(state => state.Name)
                .ToImmutableDictionary(state => state.Name));

    /// <summary>The mark in the fleet that the deploy was given up.</summary>
    public bool IsMarkedGivenUp => Own.Values.Any(unit => unit.TargetState == TargetState.Inactive);

    public UnitState? StateOf(UnitName unit) => States.GetValueOrDefault(unit);
}
