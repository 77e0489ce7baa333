using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>What becomes of a unit.</summary>
internal enum Fate
{
    /// <summary>It gets healthy and stays so.</summary>
    Good,

    /// <summary>It gets healthy, is restarted once, and gets healthy again.</summary>
    Flaps,

    /// <summary>It ends badly before it was healthy.</summary>
    Fails,

    /// <summary>It gets healthy and ends badly some seconds later.</summary>
    DiesLater,

    /// <summary>It is restarted again and again and never gets healthy.</summary>
    CrashLoops,

    /// <summary>It starts for ever.</summary>
    NeverHealthy,

    /// <summary>No machine takes it.</summary>
    NoMachine,
}

/// <summary>What becomes of an action.</summary>
internal enum Luck
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It is done some seconds later.</summary>
    Late,

    /// <summary>It fails and nothing is done.</summary>
    Lost,

    /// <summary>It fails half way: a unit is made and not told to run. What is no launch is done.</summary>
    Half,
}

/// <summary>What happens between two looks at the fleet, while not all is well.</summary>
/// <param name="Seconds">How far the clock goes.</param>
/// <param name="Restarts">Deployster is stopped and started again.</param>
/// <param name="KeepsHistory">It then reads in its history what it had decided.</param>
/// <param name="Cancels">Somebody asks to give the deploy up.</param>
/// <param name="Glitch">The new unit that is ill for one look; 0 for none.</param>
/// <param name="Lucks">What becomes of the actions, in turn.</param>
internal sealed record Step(
    double Seconds, bool Restarts, bool KeepsHistory, bool Cancels, int Glitch, ImmutableArray<Luck> Lucks)
{
    public static Step Calm { get; } = new(1, false, true, false, 0, [Luck.Done]);
}

/// <summary>A rollout with all that will happen to it.</summary>
internal sealed record Trial(
    int OldCount,
    bool DestroyPrevious,
    TimeSpan MinHealthy,
    TimeSpan Deadline,
    bool CountsRestarts,
    int Delay,
    ImmutableArray<Fate> Fates,
    ImmutableArray<Step> Steps)
{
    public static Gen<Trial> Any { get; } =
        from oldCount in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, 3)))
        from destroyPrevious in Sometimes(9, 10)
        from minHealthy in Gen.Elements(0, 0, 2, 5)
        from deadline in Gen.Choose(15, 40)
        from countsRestarts in Sometimes(1, 2)
        from delay in Gen.Choose(2, 6)
        from isGood in Sometimes(3, 5)
        from newCount in Gen.Choose(1, 3)
        from fates in (isGood
            ? Gen.Elements(Fate.Good, Fate.Good, Fate.Flaps)
            : Gen.Elements(Enum.GetValues<Fate>())).ArrayOf(newCount)
        from stepCount in Gen.Choose(0, 30)
        from steps in AnyStep(newCount).ArrayOf(stepCount)
        select new Trial(
            destroyPrevious ? oldCount : 0,
            destroyPrevious,
            TimeSpan.FromSeconds(minHealthy),
            TimeSpan.FromSeconds(deadline),
            countsRestarts,
            delay,
            [.. fates],
            [.. steps]);

    public bool HasClockLeap => Steps.Any(step => step.Seconds > 5);

    public override string ToString() =>
        $"{Fates.Length} ({string.Join(", ", Fates)}, ready after {Delay}) in the place of {OldCount}, destroying: {DestroyPrevious}, "
        + $"min healthy {MinHealthy.TotalSeconds}, deadline {Deadline.TotalSeconds}, counts: {CountsRestarts}";

    private static Gen<Step> AnyStep(int newCount) =>
        from seconds in Gen.Frequency(
            (40, Gen.Constant(1d)), (6, Gen.Elements(0, 0.1, 3)), (1, Gen.Elements(-3600d, -7, 30, 3600)))
        from restarts in Sometimes(1, 12)
        from keepsHistory in Sometimes(1, 2)
        from cancels in Sometimes(1, 150)
        from glitch in Gen.Frequency((15, Gen.Constant(0)), (1, Gen.Choose(1, newCount)))
        from lucks in Gen.Frequency(
            (6, Gen.Constant(Luck.Done)), (1, Gen.Constant(Luck.Late)), (1, Gen.Constant(Luck.Lost)), (1, Gen.Constant(Luck.Half)))
            .ArrayOf(newCount)
        select new Step(seconds, restarts, keepsHistory, cancels, glitch, [.. lucks]);

    private static Gen<bool> Sometimes(int times, int of) =>
        Gen.Frequency((times, Gen.Constant(true)), (of - times, Gen.Constant(false)));
}
