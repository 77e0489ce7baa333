using Deployster.Domain.Specs;
using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>Rollouts with a strategy, over larger sets.</summary>
internal static class StrategyTrial
{
    private const int MostUnits = 6;

    // What happens to them of their own accord takes no healthy unit away.
    private static readonly Fate[] s_steadyFates = [Fate.Good, Fate.Fails, Fate.NeverHealthy, Fate.NoMachine];

    /// <summary>Whatever may happen to a rollout.</summary>
    public static Gen<Trial> Any { get; } = With(Enum.GetValues<Fate>(), newCount => Steps(newCount, deploysters: 1));

    /// <summary>The same, where two Deploysters carry it on.</summary>
    public static Gen<Trial> OfTwoDeploysters { get; } =
        With(Enum.GetValues<Fate>(), newCount => Steps(newCount, deploysters: 2)).Select(trial => trial with { Deploysters = 2 });

    /// <summary>Rollouts of which units and fleet do as they are told, or fail from the start. What is asked for is done or lost.</summary>
    public static Gen<Trial> Steady { get; } = With(s_steadyFates, newCount =>
        from cancelAt in Gen.Frequency((1, Gen.Choose(1, 60)), (2, Gen.Constant(0)))
        from lucks in Gen.Elements(Luck.Done, Luck.Done, Luck.Lost).ArrayOf(newCount)
        select Enumerable.Range(1, 60).Select(second => Step.Calm with { Cancels = second == cancelAt, Lucks = [.. lucks, Luck.Done] }));

    private static Gen<IEnumerable<Step>> Steps(int newCount, int deploysters) =>
        from stepCount in Gen.Choose(0, 50)
        from steps in Step.Any(newCount, deploysters).ArrayOf(stepCount)
        from promotes in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true))).ArrayOf(stepCount)
        select steps.Zip(promotes, (step, isPromoted) => step with { Promotes = isPromoted });

    private static Gen<Trial> With(Fate[] badFates, Func<int, Gen<IEnumerable<Step>>> steps) =>
        from oldCount in Gen.Choose(1, MostUnits)
        from newCount in Gen.Choose(1, MostUnits)
        from strategy in Strategy(newCount)
        from isGood in Gen.Elements(true, true, false)
        from fates in Gen.Elements<Fate>(isGood ? [Fate.Good] : badFates).ArrayOf(newCount)
        from minHealthy in Gen.Elements(0, 0, 2)
        from deadline in Gen.Choose(40, 70)
        from flags in Gen.Elements(true, false).ArrayOf(4)
        from delay in Gen.Choose(2, 6)
        from happens in steps(newCount)
        select new Trial(
            oldCount,
            DestroyPrevious: true,
            HasLeftOver: false,
            TimeSpan.FromSeconds(minHealthy),
            TimeSpan.FromSeconds(deadline),
            CountsRestarts: flags[0],
            IsToldOfEachUnit: flags[1],
            Deploysters: 1,
            delay,
            [.. fates],
            [.. happens])
        {
            Strategy = strategy,
            MarksStop = flags[2],
            Promotes = flags[3],
        };

    private static Gen<Strategy> Strategy(int count) =>
        from surge in Portion(count)
        from unavailable in Portion(count)
        from canary in Gen.Frequency((2, Gen.Constant((int?)null)), (1, Gen.Choose(1, count).Select(number => (int?)number)))
        from canarySeconds in Gen.Elements<int?>(null, 3, 20)
        let strategy = new Strategy
        {
            MaxSurge = surge,
            MaxUnavailable = unavailable,
            Canary = canary,
            CanaryTime = canary is null || canarySeconds is null ? null : TimeSpan.FromSeconds(canarySeconds.Value),
        }
        select (surge.RoundedUp(count), unavailable.RoundedDown(count)) == (0, 0) ? strategy with { MaxUnavailable = new Portion(1) } : strategy;

    private static Gen<Portion> Portion(int count) => Gen.OneOf(
        Gen.Choose(0, count).Select(number => new Portion(number)),
        Gen.Elements(0, 10, 25, 34, 50, 100).Select(number => new Portion(number, IsPercentage: true)));
}
