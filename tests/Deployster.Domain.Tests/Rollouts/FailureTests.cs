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
        var plan = new Scene().ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), Phase.Failed, detail: "exit code 1").Plan();

        plan.Actions.Should().Equal(Scene.MarkNew(1, 2));
        plan.Memory.GivingUp.Should().Be(new GivingUp(
            DeployStatus.RolledBack, $"{Scene.New(2)} failed: exit code 1", Scene.New(2)));
        plan.Events[^1].Should().Be(new RolloutEvent(
            RolloutEventKind.GivingUp, $"Giving up: {Scene.New(2)} failed: exit code 1", Scene.New(2)));
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitStandsStillBeforeItStarts_TakesItForNoFailure()
    {
        var plan = new Scene().ShowsAllNew(Phase.Stopped).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Memory.GivingUp.Should().BeNull();
    }

    [TestCase(2, false)]
    [TestCase(3, true)]
    public void Plan_WhenTheFleetCountsRestarts_GivesUpAfterThree(int restarts, bool givesUp)
    {
        var plan = new Scene().ShowsAllNew(Phase.Starting)
            .Shows(Scene.New(1), Phase.Starting, restarts, "exit code 1")
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
            scene.After(1).ShowsAllNew(Phase.Starting).Plan().Memory.GivingUp.Should().BeNull();
            scene.After(1).ShowsAllNew(Phase.Restarting).Plan();
        }

        scene.Memory.GivingUp!.Reason.Should().Be($"{Scene.New(1)} was restarted 3 times");
    }

    [Test]
    public void Plan_WhileAUnitStaysInOneRestart_CountsItOnce()
    {
        var scene = new Scene().ShowsAllNew(Phase.Restarting);
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
            scene.After(1).Shows(Scene.New(1), Phase.Restarting, restart - 1).Plan();
            scene.After(1).Shows(Scene.New(1), Phase.Starting, restart).Plan();
        }

        scene.Memory.Of(1).Restarts.Should().Be(2);
        scene.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitThatWasRestartedVanishesAndIsLaunchedAgain_CountsAnew()
    {
        var scene = new Scene(spec: new DeploySpec()).Shows(Scene.New(1), Phase.Starting, restarts: 2);
        scene.Plan();
        scene.Lacks(Scene.New(1)).Plan();

        scene.Shows(Scene.New(1), Phase.Starting, restarts: 1).Plan().Memory.Of(1).Restarts.Should().Be(1);
    }

    [Test]
    public void Plan_WhenTheFleetRefusesTheDeploy_GivesUpAtOnceAndSaysWhy()
    {
        var scene = new Scene();
        scene.Memory = scene.Memory with { Refusal = "The fleet refuses it: no such image" };

        scene.Plan().Outcome.Should().Be(new RolloutOutcome(DeployStatus.RolledBack, "The fleet refuses it: no such image"));
    }

    [Test]
    public void Plan_AtTheDeadline_Waits() =>
        new Scene().ShowsAllNew(Phase.Starting).After(300).Plan().Memory.GivingUp.Should().BeNull();

    [Test]
    public void Plan_PastTheDeadline_GivesUpAndSaysWhoWasNotHealthy()
    {
        var plan = new Scene().ShowsAllNew(Phase.Healthy)
            .Shows(Scene.New(2), Phase.Running, detail: "GET /health answered 500")
            .After(301)
            .Plan();

        plan.Actions.Should().Equal(Scene.MarkNew(1, 2));
        plan.Memory.GivingUp.Should().Be(new GivingUp(
            DeployStatus.RolledBack,
            $"It was not healthy within 300 s: {Scene.New(2)} is running: GET /health answered 500",
            Scene.New(2)));
    }

    [Test]
    public void Plan_WhenNoMachineTakesAUnit_RunsIntoTheDeadlineAndSaysSo()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), Phase.Waiting);
        scene.Plan().Actions.Should().BeEmpty();

        scene.After(301).Plan().Memory.GivingUp!.Reason.Should()
            .Be($"It was not healthy within 300 s: {Scene.New(2)} is on no machine");
    }

    [Test]
    public void Plan_WhenTheFleetTellsWhyAUnitWaits_SaysSoAtTheDeadline() =>
        new Scene().ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), Phase.Waiting, detail: "no machine has 64 GB").After(301)
            .Plan().Memory.GivingUp!.Reason.Should().EndWith($"{Scene.New(2)} is waiting: no machine has 64 GB");

    [Test]
    public void Plan_WhenAUnitIsMissingAtTheDeadline_NamesIt() =>
        new Scene().Shows(Scene.New(1), Phase.Healthy).After(301).Plan().Memory.GivingUp.Should().Be(new GivingUp(
            DeployStatus.RolledBack, $"It was not healthy within 300 s: {Scene.New(2)} is on no machine", Scene.New(2)));

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
        scene.ShowsAllNew(Phase.Starting).Plan();
        scene.After(57).ShowsAllNew(Phase.Healthy).Plan();

        scene.After(4).Plan().Memory.GivingUp!.Reason.Should().Contain("is healthy");
    }

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatchedAndAllAreHealthy_Succeeds() =>
        new Scene().ShowsAllNew(Phase.Healthy).After(3600).Restarts().Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatched_GivesTimeToSeeMinHealthySeconds()
    {
        var scene = new Scene(spec: new DeploySpec { InstanceCount = 2, MinHealthy = TimeSpan.FromSeconds(60) }).ShowsAllNew(Phase.Healthy);
        scene.After(3600).Restarts().Plan();

        scene.After(60).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenTheDeadlinePassedWhileNobodyWatchedAndTheyStayUnhealthy_GivesUpSoon()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).After(3600).Restarts();
        scene.Plan().Memory.GivingUp.Should().BeNull();

        scene.After(16).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenTheDeadlineIsShort_GivesUpAtTheDeadline()
    {
        var scene = new Scene(spec: new DeploySpec { Deadline = TimeSpan.FromSeconds(5) }).ShowsAllNew(Phase.Starting);
        scene.Plan();

        scene.After(6).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Plan_WhenItReplacesNothingAndAUnitFails_HasFailedAndLeavesTheUnits(bool destroyPrevious)
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: destroyPrevious).ShowsAllNew(Phase.Failed).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Failed, $"{Scene.New(1)} failed"));
        plan.Events[^1].Should().Be(new RolloutEvent(RolloutEventKind.Failed, $"{Scene.New(1)} failed", Scene.New(1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Plan_WhenItReplacesNothingAndTheDeadlinePasses_HasFailedAndLeavesTheUnits(bool destroyPrevious)
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: destroyPrevious).ShowsAllNew(Phase.Starting).After(301).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.Failed);
    }

    [Test]
    public void Plan_WhenAllThatItReplacesHasVanishedAndAUnitFails_HasFailedAndLeavesTheUnits()
    {
        var plan = new Scene().Lacks(Scene.Old(1), Scene.Old(2)).ShowsAllNew(Phase.Failed).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.Failed);
    }
}
