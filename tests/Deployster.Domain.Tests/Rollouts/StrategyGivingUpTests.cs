using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>Rollouts that are given up when units of the old set are stopped already.</summary>
internal sealed class StrategyGivingUpTests
{
    private static readonly Strategy s_oneAbove = new() { MaxSurge = new(1) };
    private static readonly Strategy s_oldFirst = new() { MaxSurge = new(0), MaxUnavailable = new(1) };

    [Test]
    public void Plan_WhenABatchFails_MarksTheUnitThatServesNobodyFirst() =>
        InTheMiddle().Shows(Scene.New(3), Phase.Failed).Plan().Actions.Should().Equal(Scene.MarkNew(3));

    [Test]
    public void Plan_WhenTheMarkIsSet_StartsOldUnitsBeforeOthersGo()
    {
        var scene = GivenUp();

        scene.Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3));
        scene.Shows(Scene.Old(3), Phase.Starting).Plan().Actions.Should().BeEmpty("four have to serve");
        scene.Shows(Scene.Old(3), Phase.Healthy).Plan().Actions.Should().Equal(Scene.MarkNew(2));
    }

    [Test]
    public void Plan_WhileAnOldUnitIsStopped_StopsWhatIsMarkedAndKeepsTheMark()
    {
        var scene = GivenUp().Shows(Scene.Old(3), Phase.Healthy);
        scene.Plan();

        scene.Marks(Scene.New(2)).Plan().Actions.Should().Equal(Scene.StopNew(2));
        scene.Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Gone).Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 4));
    }

    [Test]
    public void Plan_WhenTheWholeOldSetRunsAgain_MarksTheRestAndDestroysAll()
    {
        var scene = GivenUp().Shows(Scene.Old(3), Phase.Healthy).Shows(Scene.Old(4), Phase.Healthy)
            .Shows(Scene.New(2), Phase.Stopped, wanted: Wanted.Gone);

        scene.Plan().Actions.Should().Equal(Scene.MarkNew(1));
        scene.Marks(Scene.New(1)).Plan().Actions.Should().Equal(Scene.DestroyNew(1, 2, 3));
    }

    [Test]
    public void Plan_WhenOldUnitsDoNotComeBackWithinTheDeadline_MarksAllAndStartsAllTheSame()
    {
        var scene = GivenUp();
        scene.Shows(Scene.Old(3), Phase.Starting).Plan();

        scene.After(301).Plan().Actions.Should().Equal(Scene.MarkNew(1, 2), Scene.KeepOldOf(4, 4));
    }

    [Test]
    public void Plan_WhereNothingMaySurge_StartsNothingOldBesideAUnitThatIsMarked()
    {
        var scene = BatchTests.Of(s_oldFirst, 1, 1).Shows(Scene.New(1), Phase.Restarting, restarts: 3).Stops(Scene.Old(1));

        scene.Plan().Actions.Should().Equal(Scene.MarkNew(1));
        scene.Marks(Scene.New(1)).Plan().Actions.Should().Equal(Scene.StopNew(1));
        scene.Shows(Scene.New(1), Phase.Stopped, wanted: Wanted.Gone).Plan().Actions.Should().Equal(Scene.KeepOldOf(1, 1));
        scene.Shows(Scene.Old(1), Phase.Starting).Plan().Actions.Should().Equal(Scene.DestroyNew(1));
        scene.Lacks(Scene.New(1)).Plan().Outcome!.Status.Should().Be(DeployStatus.RolledBack);
    }

    [Test]
    public void Plan_AfterARestartWhenOneIsMarked_BringsTheOldSetBack() =>
        InTheMiddle().Shows(Scene.New(3), Phase.Failed, wanted: Wanted.Gone).Restarts().Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3));

    [Test]
    public void Plan_WhenAStoppedOldUnitIsRemovedMeanwhile_MakesItAnew()
    {
        var scene = GivenUp().Lacks(Scene.Old(4));

        scene.Plan().Actions.Should().Equal(Scene.KeepOldOf(4, 3));
    }

    [Test]
    public void Plan_WhenAStoppedOldUnitTellsNoIntention_StartsItAllTheSame() =>
        BatchTests.Of(s_oldFirst, 1, 1).Stops(Scene.Old(1)).HidesIntention(Scene.Old(1)).Cancels()
            .Plan().Actions.Should().Equal(Scene.KeepOldOf(1, 1));

    // Two of four new units serve, the third is on its way, and two of four old units are stopped for them.
    private static Scene InTheMiddle() => BatchTests.Of(s_oneAbove, 4, 4)
        .Shows(Scene.New(1), Phase.Healthy).Shows(Scene.New(2), Phase.Healthy).Shows(Scene.New(3), Phase.Starting)
        .Stops(Scene.Old(3)).Stops(Scene.Old(4));

    private static Scene GivenUp()
    {
        var scene = InTheMiddle().Shows(Scene.New(3), Phase.Failed);
        scene.Plan();
        return scene.Shows(Scene.New(3), Phase.Failed, wanted: Wanted.Gone);
    }
}
