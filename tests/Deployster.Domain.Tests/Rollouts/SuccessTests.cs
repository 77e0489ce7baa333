using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class SuccessTests
{
    [Test]
    public void Plan_WhenWhatIsReplacedIsGone_HasSucceeded()
    {
        var scene = Succeeding().Lacks(Scene.Old(1)).Lacks(Scene.Old(2));

        var plan = scene.Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(
            DeployStatus.Succeeded, "All 2 units are healthy. The 2 units that it replaces are gone."));
    }

    [Test]
    public void Plan_WhenOneUnitReplacedOne_SaysSo()
    {
        var scene = new Scene(oldCount: 1, new DeploySpec()).ShowsAllNew("active/running");
        scene.Plan();

        scene.Lacks(Scene.Old(1)).Plan().Outcome!.Message.Should().Be("Its unit is healthy. The unit that it replaces is gone.");
    }

    [Test]
    public void Plan_WhenADestroyDidNotCarryThrough_DestroysAgain() =>
        Succeeding().Lacks(Scene.Old(1)).Plan().Actions.Should().Equal(new DestroyUnit(Scene.Old(2)));

    [Test]
    public void Plan_WhenAUnitFailsAfterSuccessIsDecided_DestroysNothingMoreAndGivesNothingUp()
    {
        var plan = Succeeding().Shows(Scene.New(1), "failed/failed").After(1).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Memory.GivingUp.Should().BeNull();
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitVanishesAfterSuccessIsDecided_LaunchesItAgain() =>
        Succeeding().Lacks(Scene.New(1)).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)));

    [Test]
    public void Plan_WhenTheNewAreWellAgain_DestroysTheRestOfTheOld()
    {
        var scene = Succeeding().Lacks(Scene.Old(1)).Shows(Scene.New(1), "activating/auto-restart");
        scene.After(1).Plan();

        scene.After(1).ShowsAllNew("active/running").Plan().Actions.Should().Equal(new DestroyUnit(Scene.Old(2)));
    }

    [TestCase("failed/failed")]
    [TestCase("activating/auto-restart")]
    public void Plan_AfterARestartWhenFewerOldExistThanThereWere_DestroysNothingNew(string words)
    {
        var plan = new Scene().Lacks(Scene.Old(2)).ShowsAllNew("active/running").Shows(Scene.New(2), words).Restarts().Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_AfterARestartWhenFewerOldExistThanThereWere_LaunchesWhatIsMissingAndDestroysTheRestOnceHealthy()
    {
        var scene = new Scene().Lacks(Scene.Old(2)).Shows(Scene.New(1), "active/running").After(400).Restarts();

        scene.Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));
        scene.After(1).ShowsAllNew("active/running").Plan().Actions.Should().Equal(new DestroyUnit(Scene.Old(1)));
    }

    [Test]
    public void Plan_AfterARestartWhenAllOldAreGone_SucceedsOnceHealthy()
    {
        var scene = new Scene().Lacks(Scene.Old(1)).Lacks(Scene.Old(2)).ShowsAllNew("activating/start-post").Restarts();

        scene.Plan().Outcome.Should().BeNull();
        scene.After(1).ShowsAllNew("active/running").Plan().Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public void Plan_WhenTheNewDoNotGetWellWithinTheDeadline_HasFailedAndLeavesAllAsItIs()
    {
        var scene = Succeeding().Lacks(Scene.Old(1)).Shows(Scene.New(1), "failed/failed");
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
        var scene = Succeeding().ShowsAllNew("activating/auto-restart");
        scene.Plan();
        scene.After(200).ShowsAllNew("active/running").Plan();

        scene.After(200).ShowsAllNew("activating/auto-restart").Plan().Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_AfterARestartWhenAllOldAreGoneAndANewUnitVanishes_LaunchesItAgain()
    {
        var scene = new Scene().Lacks(Scene.Old(1)).Lacks(Scene.Old(2)).ShowsAllNew("activating/start-post").Restarts();
        scene.Plan();

        scene.Lacks(Scene.New(1)).After(1).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)));
    }

    [Test]
    public void Plan_WhenDestroyingTheOldTakesLongerThanTheDeadline_IsNotUpsetByOneBadMoment()
    {
        var scene = Succeeding();
        scene.After(400).Plan();

        scene.After(1).Shows(Scene.New(1), "activating/auto-restart").Plan().Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenCancelledAfterSuccessIsDecided_CarriesOn()
    {
        var plan = Succeeding().Cancels().Plan();

        plan.Actions.Should().Equal(new DestroyUnit(Scene.Old(1)), new DestroyUnit(Scene.Old(2)));
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenGivenUpWhileAnotherHasBegunToDestroyTheOld_TakesItBack()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post").Cancels();
        scene.Plan().Actions.Should().AllBeOfType<SetTargetState>();

        var plan = scene.ShowsAllNew("inactive/dead", TargetState.Inactive).Lacks(Scene.Old(1)).After(1).Plan();

        plan.Actions.Should().Equal(
            new SetTargetState(Scene.New(1), TargetState.Launched), new SetTargetState(Scene.New(2), TargetState.Launched));
        plan.Memory.GivingUp.Should().BeNull();
    }

    private static Scene Succeeding()
    {
        var scene = new Scene().ShowsAllNew("active/running");
        scene.Plan();
        return scene.After(1);
    }
}
