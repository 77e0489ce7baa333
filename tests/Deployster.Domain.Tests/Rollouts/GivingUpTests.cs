using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class GivingUpTests
{
    [Test]
    public void Plan_WhenAllAreMarked_DestroysThem() =>
        GivenUp().Marks(Scene.New(1), Scene.New(2)).Plan().Actions.Should().Equal(Scene.DestroyNew(1, 2));

    [Test]
    public void Plan_WhenAMarkDidNotCarryThrough_MarksAgainAndDestroysNothingYet() =>
        GivenUp().Marks(Scene.New(1)).Plan().Actions.Should().Equal(Scene.MarkNew(2));

    [Test]
    public void Plan_WhenAllAreGone_IsRolledBackWithTheReason()
    {
        var plan = GivenUp().Lacks(Scene.New(1), Scene.New(2)).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.RolledBack, $"{Scene.New(1)} failed"));
        plan.Events.Should().Equal(new RolloutEvent(RolloutEventKind.RolledBack, $"{Scene.New(1)} failed"));
    }

    [Test]
    public void Plan_WhenTheUnitGetsWellAfterAll_StaysGivenUp()
    {
        var plan = GivenUp().ShowsAllNew(Phase.Healthy).Plan();

        plan.Actions.Should().Equal(Scene.MarkNew(1, 2));
        plan.Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenALateLaunchTurnsUp_MarksAndDestroysItToo()
    {
        var scene = GivenUp().Lacks(Scene.New(1)).Shows(Scene.New(2), Phase.Preparing);

        scene.Plan().Actions.Should().Equal(Scene.MarkNew(2));
        scene.Marks(Scene.New(2)).Plan().Actions.Should().Equal(Scene.DestroyNew(2));
    }

    [Test]
    public void Plan_WhileGivingUpWhenAnOldUnitIsStopped_StartsItAgain() =>
        GivenUp().Stops(Scene.Old(2)).Plan().Actions.Should().Equal(Scene.MarkNew(1, 2), Scene.KeepOld);

    [Test]
    public void Plan_WhenAllIsGoneAndAnOldUnitHasVanishedSince_LaunchesItAgainBeforeItEnds()
    {
        var scene = GivenUp().Lacks(Scene.New(1), Scene.New(2), Scene.Old(1));

        var plan = scene.Plan();

        plan.Actions.Should().Equal(Scene.KeepOld);
        plan.Outcome.Should().BeNull();
        scene.Shows(Scene.Old(1), Phase.Preparing).Plan().Outcome!.Status.Should().Be(DeployStatus.RolledBack);
    }

    [Test]
    public void Plan_WhenAllIsGoneAndAllOldUnitsHaveVanishedSince_DoesNotBeginAnew() =>
        GivenUp().Lacks(Scene.New(1), Scene.New(2), Scene.Old(1), Scene.Old(2)).Plan()
            .Outcome!.Status.Should().Be(DeployStatus.RolledBack);

    [Test]
    public void Plan_WhenWhatVanishedTellsNoIntention_EndsWithoutIt() =>
        GivenUp().Lacks(Scene.New(1), Scene.New(2), Scene.Old(1)).HidesIntention(Scene.Old(2)).Plan()
            .Outcome!.Status.Should().Be(DeployStatus.RolledBack);

    [Test]
    public void Plan_WhenUnitsCannotBeDestroyedWithinTheDeadline_EndsAndNamesThem()
    {
        var scene = GivenUp().Lacks(Scene.New(1)).Marks(Scene.New(2));
        scene.After(299).Plan().Outcome.Should().BeNull();

        var plan = scene.After(1).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(
            DeployStatus.RolledBack,
            $"{Scene.New(1)} failed\nOf its units these could not be destroyed yet: {Scene.New(2)}. Destroying them goes on."));
    }

    [Test]
    public void Plan_WhenUnitsCannotBeMarkedWithinTheDeadline_GoesOnMarkingThem()
    {
        var scene = GivenUp().Lacks(Scene.New(1));
        scene.Plan();

        var plan = scene.After(301).Plan();

        plan.Outcome.Should().BeNull("nobody destroys what is not marked");
        plan.Actions.Should().Equal(Scene.MarkNew(2));
    }

    [Test]
    public void Plan_WhenWhatItWasToReplaceDoesNotComeBackWithinTheDeadline_EndsAndSaysSo()
    {
        var scene = GivenUp().Lacks(Scene.New(1), Scene.New(2), Scene.Old(1));
        scene.Plan();

        scene.After(301).Plan().Outcome!.Message.Should().EndWith("Not all units that it was to replace run again.");
    }

    [Test]
    public void Plan_AfterARestartWhenOneIsMarked_FinishesTheJob()
    {
        var plan = new Scene().ShowsAllNew(Phase.Healthy).Marks(Scene.New(2)).Restarts().Plan();

        plan.Actions.Should().Equal(Scene.MarkNew(1));
        plan.Memory.GivingUp.Should().Be(new GivingUp(DeployStatus.RolledBack, "It had been given up before."));
    }

    [Test]
    public void Plan_AfterARestartWhenSomeAreDestroyed_LaunchesNothing() =>
        new Scene().ShowsAllNew(Phase.Stopped).Lacks(Scene.New(1)).Marks(Scene.New(2)).Restarts().Plan()
            .Actions.Should().Equal(Scene.DestroyNew(2));

    [Test]
    public void Plan_WhenSomebodyElseMarksALaunchedUnit_FinishesTheJob()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting);
        scene.Plan();

        scene.Marks(Scene.New(1)).Plan().Actions.Should().Equal(Scene.MarkNew(2));
    }

    [Test]
    public void Plan_WhenCancelled_MarksFirst() =>
        new Scene().ShowsAllNew(Phase.Starting).Cancels().Plan().Actions.Should().Equal(Scene.MarkNew(1, 2));

    [Test]
    public void Plan_WhenCancelledAndAllIsGone_IsCancelled()
    {
        var plan = new Scene().Cancels().Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Cancelled, "It was cancelled by jane."));
        plan.Events.Should().Equal(new RolloutEvent(RolloutEventKind.Cancelled, "It was cancelled by jane."));
    }

    [Test]
    public void Plan_WhenCancelledWhileAllAreHealthy_TouchesNothingOld() =>
        new Scene().ShowsAllNew(Phase.Healthy).Cancels().Plan().Actions.Should().Equal(Scene.MarkNew(1, 2));

    [Test]
    public void Plan_WhenADeployThatRunsBesideTheOldIsCancelled_DestroysIt() =>
        new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew(Phase.Healthy, Wanted.Gone).Cancels()
            .Plan().Actions.Should().Equal(Scene.DestroyNew(1, 2));

    [Test]
    public void Plan_AfterARestartWhenADeployThatRunsBesideTheOldIsMarked_IsCancelled() =>
        new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew(Phase.Waiting, Wanted.Gone).Restarts()
            .Plan().Memory.GivingUp!.Status.Should().Be(DeployStatus.Cancelled);

    private static Scene GivenUp()
    {
        var scene = new Scene().ShowsAllNew(Phase.Failed);
        scene.Plan();
        return scene.After(1);
    }
}
