using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class FailureTests
{
    [Test]
    public void Plan_WhenAUnitHasFailed_MarksAllNewUnitsFirst()
    {
        var plan = new Scene().ShowsAllNew("active/running").Shows(Scene.New(2), "failed/failed", detail: "exit code 1").Plan();

        plan.Actions.Should().Equal(
            new SetTargetState(Scene.New(1), TargetState.Inactive), new SetTargetState(Scene.New(2), TargetState.Inactive));
        plan.Memory.GivingUp.Should().Be(new GivingUp(
            DeployStatus.RolledBack, $"{Scene.New(2)} failed: exit code 1", Scene.New(2)));
        plan.Events[^1].Should().Be(new RolloutEvent(
            RolloutEventKind.GivingUp, $"Giving up: {Scene.New(2)} failed: exit code 1", Scene.New(2)));
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAStateOfAUnitThatIsNotListedSaysFailed_DoesNotTakeItForTheUnits() =>
        new Scene(spec: new DeploySpec()).Shows(Scene.New(1), "failed/failed").LacksInList(Scene.New(1))
            .Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)));

    [Test]
    public void Plan_WhenAUnitIsDeadBetweenLoadedAndStarting_TakesItForNoFailure()
    {
        var plan = new Scene().ShowsAllNew("inactive/dead").Plan();

        plan.Actions.Should().BeEmpty();
        plan.Memory.GivingUp.Should().BeNull();
    }

    [TestCase(2, false)]
    [TestCase(3, true)]
    public void Plan_WhenTheFleetCountsRestarts_GivesUpAfterThree(int restarts, bool givesUp)
    {
        var plan = new Scene().ShowsAllNew("activating/start-post")
            .Shows(Scene.New(1), "activating/start-post", restarts, "exit code 1")
            .Plan();

        plan.Memory.GivingUp?.Reason.Should().Be($"{Scene.New(1)} was restarted 3 times: exit code 1");
        (plan.Memory.GivingUp is not null).Should().Be(givesUp);
    }

    [Test]
    public void Plan_WhenTheFleetDoesNotCountRestarts_GivesUpAfterThreeThatWereSeen()
    {
        var scene = new Scene(spec: new DeploySpec());
        for (var restart = 1; restart <= 3; restart++)
        {
            scene.After(1).ShowsAllNew("activating/start-post").Plan().Memory.GivingUp.Should().BeNull();
            scene.After(1).ShowsAllNew("activating/auto-restart").Plan();
        }

        scene.Memory.GivingUp!.Reason.Should().Be($"{Scene.New(1)} was restarted 3 times");
    }

    [Test]
    public void Plan_WhileAUnitStaysInOneRestart_CountsItOnce()
    {
        var scene = new Scene().ShowsAllNew("activating/auto-restart");
        for (var look = 1; look <= 5; look++)
        {
            scene.After(1).Plan().Memory.GivingUp.Should().BeNull();
        }
    }

    [Test]
    public void Plan_WhenTheFleetCountsWhatWasSeenToo_CountsItOnce()
    {
        var scene = new Scene(spec: new DeploySpec());
        for (var restart = 1; restart <= 2; restart++)
        {
            scene.After(1).Shows(Scene.New(1), "activating/auto-restart", restart - 1).Plan();
            scene.After(1).Shows(Scene.New(1), "activating/start-post", restart).Plan();
        }

        scene.Memory.Of(1).Restarts.Should().Be(2);
        scene.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_AtTheDeadline_Waits() =>
        new Scene().ShowsAllNew("activating/start-post").After(300).Plan().Memory.GivingUp.Should().BeNull();

    [Test]
    public void Plan_PastTheDeadline_GivesUpAndSaysWhoWasNotHealthy()
    {
        var plan = new Scene().ShowsAllNew("active/running")
            .Shows(Scene.New(2), "activating/start-post", detail: "GET /health answered 500")
            .After(301)
            .Plan();

        plan.Actions.Should().AllBeOfType<SetTargetState>();
        plan.Memory.GivingUp.Should().Be(new GivingUp(
            DeployStatus.RolledBack,
            $"It was not healthy within 300 s: {Scene.New(2)} is activating/start-post: GET /health answered 500",
            Scene.New(2)));
    }

    [Test]
    public void Plan_WhenNoMachineTakesAUnit_RunsIntoTheDeadlineAndSaysSo()
    {
        var scene = new Scene().ShowsAllNew("active/running").Shows(Scene.New(2), null);
        scene.Plan().Actions.Should().BeEmpty();

        scene.After(301).Plan().Memory.GivingUp!.Reason.Should()
            .Be($"It was not healthy within 300 s: {Scene.New(2)} is on no machine");
    }

    [Test]
    public void Plan_WhenNothingCouldBeLaunchedByTheDeadline_HasEndedAtOnce()
    {
        var plan = new Scene().After(301).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.RolledBack);
    }

    [Test]
    public void Plan_WhenHealthyButNotForLongEnoughByTheDeadline_GivesUp()
    {
        var scene = new Scene(spec: new DeploySpec { MinHealthy = TimeSpan.FromSeconds(5), Deadline = TimeSpan.FromSeconds(60) });
        scene.ShowsAllNew("activating/start-post").Plan();
        scene.After(57).ShowsAllNew("active/running").Plan();

        scene.After(4).Plan().Memory.GivingUp!.Reason.Should().Contain("is active/running");
    }

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatchedAndAllAreHealthy_DestroysWhatIsReplaced() =>
        new Scene().ShowsAllNew("active/running").After(3600).Restarts().Plan()
            .Actions.Should().Equal(new DestroyUnit(Scene.Old(1)), new DestroyUnit(Scene.Old(2)));

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatched_GivesTimeToSeeMinHealthySeconds()
    {
        var scene = new Scene(spec: new DeploySpec { MinHealthy = TimeSpan.FromSeconds(60) }).ShowsAllNew("active/running");
        scene.After(3600).Restarts().Plan();

        scene.After(60).Plan().Actions.Should().Equal(new DestroyUnit(Scene.Old(1)), new DestroyUnit(Scene.Old(2)));
    }

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatchedAndTheyStayUnhealthy_GivesUpSoon()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post").After(3600).Restarts();
        scene.Plan().Memory.GivingUp.Should().BeNull();

        scene.After(16).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenTheDeadlineIsShort_GivesUpAtTheDeadline()
    {
        var scene = new Scene(spec: new DeploySpec { Deadline = TimeSpan.FromSeconds(5) }).ShowsAllNew("activating/start-post");
        scene.Plan();

        scene.After(6).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenItDestroysNothingAndAUnitFails_HasFailedAndLeavesTheUnits()
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew("failed/failed").Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Failed, $"{Scene.New(1)} failed"));
        plan.Events[^1].Should().Be(new RolloutEvent(RolloutEventKind.Failed, $"{Scene.New(1)} failed", Scene.New(1)));
    }

    [Test]
    public void Plan_WhenItDestroysNothingAndTheDeadlinePasses_HasFailedAndLeavesTheUnits()
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew("activating/start-post").After(301).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.Failed);
    }

    [Test]
    public void Plan_WhenTheFirstDeployOfAServiceFailsAndWasToDestroyPrevious_IsGivenUpToo() =>
        new Scene(oldCount: 0).ShowsAllNew("failed/failed").Plan().Actions.Should().AllBeOfType<SetTargetState>().And.HaveCount(2);
}
