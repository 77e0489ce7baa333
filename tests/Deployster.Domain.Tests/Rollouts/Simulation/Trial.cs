using System.Collections.Immutable;
using Deployster.Domain.Specs;
using FsCheck;
using FsCheck.Fluent;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>A rollout with all that will happen to it.</summary>
internal sealed record Trial(
    int OldCount,
    bool DestroyPrevious,
    bool HasLeftOver,
    TimeSpan MinHealthy,
    TimeSpan Deadline,
    bool CountsRestarts,
    bool IsToldOfEachUnit,
    int Deploysters,
    int Delay,
    ImmutableArray<Fate> Fates,
    ImmutableArray<Step> Steps)
{
    /// <summary>How the new units take the place of the old ones; null for all at once.</summary>
    public Strategy? Strategy { get; init; }

    /// <summary>Whether the mark stops a unit, as on a Fleet cluster. An engine lets it run.</summary>
    public bool MarksStop { get; init; }

    /// <summary>Whether a canary that waits in the end is promoted.</summary>
    public bool Promotes { get; init; }

    public static Gen<Trial> Any { get; } = With(onlyReplacing: false, 1, 1, 1, 2);

    public static Gen<Trial> OfTwoDeploysters { get; } = With(onlyReplacing: true, 2);

    /// <summary>Whether all units get healthy and stay so.</summary>
    public bool IsGood => Fates.All(fate => fate is Fate.Good or Fate.Flaps);

    public override string ToString() =>
        $"{Strategy} marks stop: {MarksStop}, promotes: {Promotes}, "
        + $"{Fates.Length} ({string.Join(", ", Fates)}, ready after {Delay}) in the place of {OldCount}, destroying: {DestroyPrevious}, "
        + $"min healthy {MinHealthy.TotalSeconds}, deadline {Deadline.TotalSeconds}, counts: {CountsRestarts}, "
        + $"told of each unit: {IsToldOfEachUnit}, left over: {HasLeftOver}, deploysters: {Deploysters}\n"
        + string.Join('\n', Steps.Where(step => step.Restarts || step.Cancels || step.Vanishes > 0).Select(step => step.ToString()));

    private static Gen<Trial> With(bool onlyReplacing, params int[] deploysters) =>
        from oldCount in Gen.Frequency((1, Gen.Constant(onlyReplacing ? 1 : 0)), (9, Gen.Choose(1, 3)))
        from destroyPrevious in Sometimes(onlyReplacing ? 10 : 9, 10)
        from hasLeftOver in Sometimes(1, 6)
        from minHealthy in Gen.Elements(0, 0, 2, 5)
        from deadline in Gen.Choose(40, 70)
        from countsRestarts in Sometimes(1, 2)
        from isToldOfEachUnit in Sometimes(1, 2)
        from deploysterCount in Gen.Elements(deploysters)
        from delay in Gen.Choose(2, 6)
        from isGood in Sometimes(3, 5)
        from newCount in Gen.Choose(1, 3)
        from fates in (isGood
            ? Gen.Elements(Fate.Good, Fate.Good, Fate.Flaps)
            : Gen.Elements(Enum.GetValues<Fate>())).ArrayOf(newCount)
        from stepCount in Gen.Choose(0, 30)
        from steps in Step.Any(newCount, deploysterCount).ArrayOf(stepCount)
        select new Trial(
            destroyPrevious ? oldCount : 0,
            destroyPrevious,
            hasLeftOver && destroyPrevious && oldCount > 0,
            TimeSpan.FromSeconds(minHealthy),
            TimeSpan.FromSeconds(deadline),
            countsRestarts,
            isToldOfEachUnit,
            destroyPrevious && oldCount > 0 ? deploysterCount : 1,
            delay,
            [.. fates],
            [.. steps]);

    private static Gen<bool> Sometimes(int times, int of) =>
        Gen.Frequency((times, Gen.Constant(true)), (of - times, Gen.Constant(false)));
}
