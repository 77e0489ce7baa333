using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>How many units of both sets ran at the most, and served at the least, over the whole of a rollout.</summary>
internal sealed class ObservedNumbers
{
    /// <summary>The most that ran at once.</summary>
    public int MostRunning { get; private set; }

    /// <summary>The fewest that served.</summary>
    public int FewestServing { get; private set; } = int.MaxValue;

    public void Observe(SimulatedRollout rollout)
    {
        if (rollout.Replaced.Count == 0 && rollout.Own.Count == 0)
        {
            return;
        }

        MostRunning = Math.Max(MostRunning, rollout.Own.Concat(rollout.Replaced).Count(RolloutPicture.Occupies));
        FewestServing = Math.Min(FewestServing, CountServing(rollout.Deploy, rollout.Own, rollout.Replaced));
    }

    /// <summary>How many units serve: of the new set, those whose turn has come.</summary>
    public static int CountServing(Deploy deploy, IEnumerable<Unit> own, IReadOnlyCollection<Unit> replaced)
    {
        var isIn = !deploy.EntersAtOnce || replaced.All(unit => unit.IsGone);
        return replaced.Concat(isIn ? own : []).Count(unit => unit is { IsWanted: true, IsHealthy: true });
    }
}
