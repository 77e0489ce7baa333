using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>Rollouts whose strategy goes step by step.</summary>
internal sealed class BatchTests
{
    private static readonly Strategy s_oneAbove = new() { MaxSurge = new(1) };
    private static readonly Strategy s_oneBelow = new() { MaxSurge = new(0), MaxUnavailable = new(1) };
    private static readonly Strategy s_oldFirst = new() { MaxSurge = new(0), MaxUnavailable = new(100, IsPercentage: true) };

    [Test]
    public void Plan_WhenOneMaySurge_LaunchesOneAndTouchesNothingOld() =>
        Of(s_oneAbove, 4, 4).Plan().Actions.Should().Equal(Scene.KeepNewOf(1, 1));

    [Test]
    public void Plan_WhenABatchIsHealthy_MakesTheNextAndThenStopsAsManyOldUnits()
    {
        var scene = Of(s_oneAbove, 4, 4).Shows(Scene.New(1), Phase.Healthy);

        scene.Plan().Actions.Should().Equal(Scene.KeepNewOf(2, 1));
        scene.Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Stopped).Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3, 4));
        scene.Stops(Scene.Old(4)).Plan().Actions.Should().Equal(Scene.KeepNewOf(2, 2));
    }

    [Test]
    public void Plan_WhileAnOldUnitIsStillEnding_StartsNothingInItsPlace() =>
        Of(s_oneAbove, 4, 4).Shows(Scene.New(1), Phase.Healthy)
            .Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Stopped)
            .Shows(Scene.Old(4), Phase.Stopping, wanted: Wanted.Stopped)
            .Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhileABatchIsStillBeingMade_StopsNothing() =>
        Of(s_oneBelow, 4, 4).Shows(Scene.New(1), Phase.Preparing, wanted: Wanted.Stopped)
            .Plan().Actions.Should().Equal(Scene.KeepNewOf(1, 0));

    [Test]
    public void Plan_WhenSomeMayBeMissing_StopsIllOldUnitsFirst() =>
        Of(s_oneBelow, 4, 4).Shows(Scene.New(1), Phase.Stopped, wanted: Wanted.Stopped).Shows(Scene.Old(2), Phase.Failed)
            .Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3, 2));

    [Test]
    public void Plan_WhenAsManyOldUnitsAreIllAsMayBeMissing_StopsNoHealthyOne() =>
        Of(s_oneBelow with { MaxUnavailable = new(2) }, 4, 4)
            .Shows(Scene.New(1), Phase.Stopped, wanted: Wanted.Stopped).Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Stopped)
            .Shows(Scene.Old(1), Phase.Failed).Shows(Scene.Old(2), Phase.Restarting).Shows(Scene.Old(3), Phase.Running)
            .Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 2, 3, 2));

    [Test]
    public void Plan_WhenNothingMaySurgeOrHasToServe_StopsAllOldUnitsBeforeOneStarts()
    {
        var scene = Of(s_oldFirst, 2, 3);

        scene.Plan().Actions.Should().Equal(Scene.KeepNewOf(2, 0));
        scene.ShowsAllNew(Phase.Stopped, Wanted.Stopped).Plan().Actions.Should().Equal(Scene.KeepOldOf(3, 0, 3, 2, 1));
        scene.Stops(Scene.Old(2)).Stops(Scene.Old(3)).Plan().Actions.Should().Equal(Scene.KeepOldOf(3, 0, 1));
        scene.Stops(Scene.Old(1)).Plan().Actions.Should().Equal(Scene.KeepNewOf(2, 2));
    }

    [Test]
    public void Plan_WhenNothingMaySurgeAndTheOldSetIsSmaller_LaunchesNothingBesideIt() =>
        Of(s_oldFirst, 3, 1).ShowsAllNew(Phase.Stopped, Wanted.Stopped).Plan().Actions.Should().Equal(Scene.KeepOldOf(1, 0, 1));

    [Test]
    public void Plan_WhenTheOldSetIsLarger_StopsNoMoreOfItThanTheBatchNeeds() =>
        Of(s_oneAbove, 2, 10).Shows(Scene.New(1), Phase.Healthy).Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Stopped)
            .Plan().Actions.Should().Equal(Scene.KeepOldOf(10, 9, 10));

    [Test]
    public void Plan_WhenSeveralDeploysAreReplaced_StopsThoseOfTheOldestFirst()
    {
        var scene = Of(s_oneBelow with { MaxUnavailable = new(3) }, 4, 2, beside: 2);
        Enumerable.Range(1, 3).ToList().ForEach(instance => scene.Shows(Scene.New(instance), Phase.Stopped, wanted: Wanted.Stopped));

        scene.Plan().Actions.Should().Equal(
            Scene.KeepOldOf(2, 0, 2, 1), new KeepUnits(Scene.Beside(1).DeployId, 2, 1) { StopFirst = [Scene.Beside(2)] });
    }

    [Test]
    public void Plan_WhenAUnitOfAHealthyBatchVanishes_LaunchesItAgainAndBringsNothingOldBack()
    {
        var scene = Of(s_oneAbove, 4, 4).Shows(Scene.New(1), Phase.Healthy).Shows(Scene.New(2), Phase.Healthy).Stops(Scene.Old(4)).Stops(Scene.Old(3));
        scene.Shows(Scene.New(3), Phase.Starting).Plan();

        scene.Lacks(Scene.New(1)).After(1).Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));
    }

    [Test]
    public void Plan_WhenAStoppedOldUnitIsRemoved_MakesItAnewAndLeavesItStopped() =>
        Of(s_oneAbove, 4, 4).Shows(Scene.New(1), Phase.Healthy).Shows(Scene.New(2), Phase.Starting).Lacks(Scene.Old(4))
            .Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3));

    [Test]
    public void Plan_AfterARestartInTheMiddleOfABatch_GoesOnWithIt() =>
        Of(s_oneBelow, 4, 4).Shows(Scene.New(1), Phase.Starting).Stops(Scene.Old(4)).Restarts().Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhenABatchIsHealthy_BeginsTheDeadlineAnew()
    {
        var scene = Of(s_oneAbove, 3, 3).Shows(Scene.New(1), Phase.Starting);
        scene.Plan();
        scene.After(250).Shows(Scene.New(1), Phase.Healthy).Plan();
        scene.Shows(Scene.New(2), Phase.Starting).Stops(Scene.Old(3));

        scene.After(299).Plan().Memory.GivingUp.Should().BeNull();
        scene.After(2).Plan().Memory.GivingUp!.Reason.Should().Be($"It was not healthy within 300 s: {Scene.New(2)} is starting");
    }

    [Test]
    public void Plan_WhenAnOldUnitNeverStops_IsGivenUpAndSaysWhy()
    {
        var scene = Of(s_oldFirst, 1, 1).Shows(Scene.New(1), Phase.Stopped, wanted: Wanted.Stopped).Shows(Scene.Old(1), Phase.Stopping, wanted: Wanted.Stopped);
        scene.Plan();

        var plan = scene.After(301).Plan();

        plan.Memory.GivingUp!.Reason.Should().Be($"It was not healthy within 300 s: {Scene.New(1)} waits for {Scene.Old(1)} to stop");
        plan.Actions.Should().Equal(Scene.MarkNew(1), Scene.KeepOldOf(1, 1));
    }

    [Test]
    public void Plan_WhenAllAreHealthy_MarksTheWholeOldSetStoppedOrNot()
    {
        var scene = Of(s_oneAbove, 2, 2).ShowsAllNew(Phase.Healthy).Stops(Scene.Old(2));

        scene.Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenNothingIsReplaced_LaunchesAllAtOnce() =>
        Of(s_oneBelow, 3, 0).Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));

    [TestCase(100, true, 0, false, true)]
    [TestCase(4, false, 0, false, true)]
    [TestCase(3, false, 0, false, false)]
    [TestCase(100, true, 1, false, true)]
    [TestCase(0, true, 100, true, false)]
    public void EntersAtOnce_OfAStrategy_IsWhetherAllMayRunBesideTheOldSet(
        int surge, bool isSurgePercentage, int unavailable, bool isUnavailablePercentage, bool expected) =>
        Of(new Strategy { MaxSurge = new(surge, isSurgePercentage), MaxUnavailable = new(unavailable, isUnavailablePercentage) }, 4, 4)
            .Deploy.EntersAtOnce.Should().Be(expected);

    internal static Scene Of(Strategy strategy, int count, int oldCount, int beside = 0) =>
        new(oldCount, new DeploySpec { InstanceCount = count, Strategy = strategy }, besideCount: beside);
}
