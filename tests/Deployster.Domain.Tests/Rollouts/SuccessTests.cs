using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class SuccessTests
{
    [Test]
    public void Plan_WhenAllThatIsReplacedIsMarked_DestroysIt()
    {
        var plan = Succeeding().Plan();

        plan.Actions.Should().Equal(Scene.DestroyOld(1, 2));
        plan.Events.Should().Equal(
            new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {Scene.Old(1)}", Scene.Old(1)),
            new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {Scene.Old(2)}", Scene.Old(2)));
    }

    [Test]
    public void Plan_WhenAMarkDidNotCarryThrough_MarksAgainAndDestroysNothingYet()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.Marks(Scene.Old(1)).After(1).Plan().Actions.Should().Equal(Scene.MarkOld(2));
    }

    [Test]
    public void Plan_WhenWhatIsReplacedIsGone_HasSucceeded()
    {
        var plan = Succeeding().Lacks(Scene.Old(1), Scene.Old(2)).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(
            DeployStatus.Succeeded, "All 2 units are healthy. The 2 units that it replaces are gone."));
    }

    [Test]
    public void Plan_WhenANewUnitVanishesWithTheLastOfTheOld_LaunchesItAgainBeforeItEnds()
    {
        var scene = Succeeding().Lacks(Scene.Old(1), Scene.Old(2), Scene.New(2));

        var plan = scene.Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Outcome.Should().BeNull();
        scene.Shows(Scene.New(2), Phase.Healthy).After(1).Plan().Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public void Plan_WhenTheOldAreGoneAndTheNewAreIll_HasSucceededOnlyOnceTheyAreWell()
    {
        var scene = Succeeding().Lacks(Scene.Old(1), Scene.Old(2)).Shows(Scene.New(2), Phase.Restarting);

        scene.Plan().Outcome.Should().BeNull();
        scene.Shows(Scene.New(2), Phase.Healthy).After(1).Plan().Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public void Plan_WhenOneUnitReplacedOne_SaysSo()
    {
        var scene = new Scene(oldCount: 1, new DeploySpec()).ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.Lacks(Scene.Old(1)).Plan().Outcome!.Message.Should().Be("Its unit is healthy. The unit that it replaces is gone.");
    }

    [Test]
    public void Plan_WhenADestroyDidNotCarryThrough_DestroysAgain() =>
        Succeeding().Lacks(Scene.Old(1)).Plan().Actions.Should().Equal(Scene.DestroyOld(2));

    [Test]
    public void Plan_WhenUnitsCannotBeDestroyedWithinTheDeadline_SucceedsAndNamesThem()
    {
        var scene = Succeeding().Lacks(Scene.Old(1));
        scene.After(299).Plan().Outcome.Should().BeNull();

        var plan = scene.After(1).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(
            DeployStatus.Succeeded,
            $"All 2 units are healthy. Of the units that it replaces these could not be destroyed yet: {Scene.Old(2)}. Destroying them goes on."));
    }

    [Test]
    public void Plan_WhenAUnitFailsAfterSuccessIsDecided_DestroysNothingMoreAndGivesNothingUp()
    {
        var plan = Succeeding().Shows(Scene.New(1), Phase.Failed).After(1).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Memory.GivingUp.Should().BeNull();
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitVanishesAfterSuccessIsDecided_LaunchesItAgain() =>
        Succeeding().Lacks(Scene.New(1)).Plan().Actions.Should().Equal(Scene.KeepNew);

    [Test]
    public void Plan_WhenAnOldUnitVanishesAfterSuccessIsDecided_LeavesItGone()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.Lacks(Scene.Old(1)).ShowsAllNew(Phase.Running).After(1).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenTheNewAreWellAgain_DestroysTheRestOfTheOld()
    {
        var scene = Succeeding().Lacks(Scene.Old(1)).Shows(Scene.New(1), Phase.Restarting);
        scene.After(1).Plan();

        scene.After(1).ShowsAllNew(Phase.Healthy).Plan().Actions.Should().Equal(Scene.DestroyOld(2));
    }

    [TestCase(Phase.Failed)]
    [TestCase(Phase.Restarting)]
    public void Plan_AfterARestartWhenAnOldUnitIsMarked_DestroysNothingWhileTheNewAreIll(Phase phase)
    {
        var plan = new Scene().Marks(Scene.Old(2)).ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), phase).Restarts().Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_AfterARestartWhenAnOldUnitIsMarked_LaunchesWhatIsMissingAndMarksTheRestOnceHealthy()
    {
        var scene = new Scene().Marks(Scene.Old(2)).Shows(Scene.New(1), Phase.Healthy).After(400).Restarts();

        scene.Plan().Actions.Should().Equal(Scene.KeepNew);
        scene.After(1).ShowsAllNew(Phase.Healthy).Plan().Actions.Should().Equal(Scene.MarkOld(1));
    }

    [Test]
    public void Plan_AfterARestartWhenTheMarkedAreDestroyedInPart_DestroysTheRestOnceHealthy() =>
        new Scene().Lacks(Scene.Old(1)).Marks(Scene.Old(2)).ShowsAllNew(Phase.Healthy).Restarts().Plan()
            .Actions.Should().Equal(Scene.DestroyOld(2));

    [Test]
    public void Plan_AfterARestartWhenAnOldUnitHasVanished_DoesNotTakeThatForTheMark()
    {
        var plan = new Scene().Lacks(Scene.Old(1)).ShowsAllNew(Phase.Failed).Restarts().Plan();

        plan.Memory.GivingUp.Should().NotBeNull();
        plan.Actions.Should().Equal(Scene.MarkNew(1, 2), Scene.KeepOld);
    }

    [Test]
    public void Plan_AfterARestartWhenAllOldAreGone_SucceedsOnceHealthy()
    {
        var scene = new Scene().Lacks(Scene.Old(1), Scene.Old(2)).ShowsAllNew(Phase.Starting).Restarts();

        scene.Plan().Outcome.Should().BeNull();
        scene.After(1).ShowsAllNew(Phase.Healthy).Plan().Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public void Plan_WhenAUnitWasMarkedBeforeTheDeployWasAskedFor_TakesItForNoMark()
    {
        var scene = new Scene().Shows(Scene.Old(3), Phase.Healthy, wanted: Wanted.Gone).ShowsAllNew(Phase.Failed);

        var plan = scene.Plan();

        plan.Actions.Should().Equal(Scene.MarkNew(1, 2));
        plan.Memory.SucceedingSince.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitWasMarkedBeforeTheDeployWasAskedFor_DestroysItWithTheOthers()
    {
        var scene = new Scene().Shows(Scene.Old(3), Phase.Healthy, wanted: Wanted.Gone).ShowsAllNew(Phase.Healthy);
        scene.Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));

        scene.Marks(Scene.Old(1), Scene.Old(2)).After(1).Plan().Actions.Should().Equal(Scene.DestroyOld(1, 2, 3));
    }

    [Test]
    public void Plan_WhenTheNewDoNotGetWellWithinTheDeadline_HasFailedAndLeavesAllAsItIs()
    {
        var scene = Succeeding().Lacks(Scene.Old(1)).Shows(Scene.New(1), Phase.Failed);
        scene.Plan();
        scene.After(300).Plan().Outcome.Should().BeNull();

        var plan = scene.After(1).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(
            DeployStatus.Failed, "It is not healthy any more; 1 of the units it replaces are left."));
    }

    [Test]
    public void Plan_WhenTheNewFallIllAgainAndAgain_CountsEachTimeAnew()
    {
        var scene = Succeeding().ShowsAllNew(Phase.Restarting);
        scene.Plan();
        scene.After(200).ShowsAllNew(Phase.Healthy).Plan();

        scene.After(200).ShowsAllNew(Phase.Restarting).Plan().Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_AfterARestartWhenAllOldAreGoneAndANewUnitVanishes_LaunchesItAgain()
    {
        var scene = new Scene().Lacks(Scene.Old(1), Scene.Old(2)).ShowsAllNew(Phase.Starting).Restarts();
        scene.Plan();

        scene.Lacks(Scene.New(1)).After(1).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    [Test]
    public void Plan_WhenCancelledAfterSuccessIsDecided_CarriesOn()
    {
        var plan = Succeeding().Cancels().Plan();

        plan.Actions.Should().Equal(Scene.DestroyOld(1, 2));
        plan.Memory.GivingUp.Should().BeNull();
    }

    private static Scene Succeeding()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy);
        scene.Plan();
        return scene.Marks(Scene.Old(1), Scene.Old(2)).After(1);
    }
}
