using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>One look at the fleet and the plan that came of it.</summary>
/// <param name="Deployster">Which Deployster looked.</param>
/// <param name="Life">Which of its lives that was: each restart begins a new one.</param>
/// <param name="Units">The units that it saw.</param>
/// <param name="Seen">What it remembered.</param>
/// <param name="Now">What its clock showed.</param>
/// <param name="Plan">What it planned.</param>
internal sealed record Look(
    int Deployster, int Life, IReadOnlyList<Unit> Units, RolloutMemory Seen, TimeSpan Now, RolloutPlan Plan)
{
    private static readonly char[] s_wantedSigns = ['+', '-', '!'];

    public override string ToString() =>
        $"{Now.TotalSeconds:0.0} deployster {Deployster}.{Life} [{string.Join(' ', Units.Select(Show))}] {string.Join(' ', Plan.Actions.Select(Show))} {Plan.Outcome}";

    private static string Show(Unit unit) =>
        $"{unit.Name.DeployId.Version}{unit.Name.Instance}{s_wantedSigns[(int)unit.Wanted]}{unit.Phase}";

    private static string Show(RolloutAction action) => action.GetType().Name + " " + action.DeployId.Version + action switch
    {
        MarkGone mark => string.Join(',', mark.Units.Select(unit => unit.Instance)),
        KeepUnits keep => $"={keep.Units}/{keep.Running} stop {string.Join(',', keep.StopFirst.Select(unit => unit.Instance))}",
        StopUnits stop => string.Join(',', stop.Units.Select(unit => unit.Instance)),
        DestroyUnits destroy => string.Join(',', destroy.Units.Select(unit => unit.Instance)),
        _ => "",
    };
}
