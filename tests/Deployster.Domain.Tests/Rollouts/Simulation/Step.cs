using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>What happens between two looks at the fleet, while not all is well.</summary>
/// <param name="Seconds">How much time goes by.</param>
/// <param name="ClockStep">By how many seconds somebody sets the wall clock.</param>
/// <param name="Deployster">The Deployster of whom the rest speaks.</param>
/// <param name="Looks">Who looks, and when.</param>
/// <param name="Restarts">It is stopped and started again.</param>
/// <param name="KeepsHistory">It then reads in its history what it had decided.</param>
/// <param name="Cancels">Somebody asks it to give the deploy up.</param>
/// <param name="Glitch">The new unit that is ill for one look; 0 for none.</param>
/// <param name="Vanishes">The unit that somebody removes: even for an old one, odd for a new one; 0 for none.</param>
/// <param name="Lucks">What becomes of the actions, in turn.</param>
internal sealed record Step(
    double Seconds,
    double ClockStep,
    int Deployster,
    Looking Looks,
    bool Restarts,
    bool KeepsHistory,
    bool Cancels,
    int Glitch,
    int Vanishes,
    ImmutableArray<Luck> Lucks)
{
    /// <summary>Somebody promotes the canary, if one waits.</summary>
    public bool Promotes { get; init; }

    public static Step Calm { get; } = new(1, 0, 0, Looking.InTurn, false, true, false, 0, 0, [Luck.Done]);

    public static Gen<Step> Any(int newCount, int deploysters) =>
        from seconds in Gen.Frequency(
            (40, Gen.Constant(1d)), (6, Gen.Elements(0, 0.1, 3)), (1, Gen.Constant(10d)))
        from clockStep in Gen.Frequency((20, Gen.Constant(0d)), (1, Gen.Elements(-3600d, -7, 30, 3600)))
        from deployster in Gen.Choose(0, deploysters - 1)
        from looks in Gen.Elements(Enum.GetValues<Looking>())
        from restarts in Gen.Frequency((1, Gen.Constant(true)), (11, Gen.Constant(false)))
        from keepsHistory in Gen.Elements(true, false)
        from cancels in Gen.Frequency((1, Gen.Constant(true)), (deploysters == 1 ? 149 : 39, Gen.Constant(false)))
        from glitch in Gen.Frequency((15, Gen.Constant(0)), (1, Gen.Choose(1, newCount)))
        from vanishes in Gen.Frequency((20, Gen.Constant(0)), (1, Gen.Choose(1, 8)))
        from lucks in Gen.Frequency(
            (6, Gen.Constant(Luck.Done)), (1, Gen.Constant(Luck.Late)), (1, Gen.Constant(Luck.Lost)), (1, Gen.Constant(Luck.Half)))
            .ArrayOf(newCount)
        select new Step(
            seconds, clockStep, deployster, looks, restarts, keepsHistory, cancels, glitch, vanishes, [.. lucks]);
}

/// <summary>Which Deploysters look at a step.</summary>
internal enum Looking
{
    /// <summary>All of them, one after another: each sees what the ones before have done.</summary>
    InTurn,

    /// <summary>All of them at once: none sees what the others do.</summary>
    AtOnce,

    /// <summary>One only.</summary>
    One,
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

    /// <summary>It fails half way: it is done to one unit of several, and one that is made is not started.</summary>
    Half,
}
