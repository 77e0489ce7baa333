using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class GivingUpTests
{
    [Test]
    public void Plan_WhenAllAreMarked_DestroysThem() =>
        GivenUp().ShowsAllNew("inactive/dead", TargetState.Inactive).Plan()
            .Actions.Should().Equal(new DestroyUnit(Scene.New(1)), new DestroyUnit(Scene.New(2)));

    [Test]
    public void Plan_WhenAMarkDidNotCarryThrough_MarksAgainAndDestroysNothingYet() =>
        GivenUp().Shows(Scene.New(1), "inactive/dead", target: TargetState.Inactive).Plan()
            .Actions.Should().Equal(new SetTargetState(Scene.New(2), TargetState.Inactive));

    [Test]
    public void Plan_WhenAllAreGone_IsRolledBackWithTheReason()
    {
        var plan = GivenUp().Lacks(Scene.New(1)).Lacks(Scene.New(2)).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.RolledBack, $"{Scene.New(1)} failed"));
        plan.Events.Should().Equal(new RolloutEvent(RolloutEventKind.RolledBack, $"{Scene.New(1)} failed"));
    }

    [Test]
    public void Plan_WhenTheUnitGetsWellAfterAll_StaysGivenUp()
    {
        var plan = GivenUp().ShowsAllNew("active/running").Plan();

        plan.Actions.Should().AllBeOfType<SetTargetState>();
        plan.Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenALateLaunchTurnsUp_MarksAndDestroysItToo()
    {
        var scene = GivenUp().Lacks(Scene.New(1)).Shows(Scene.New(2), "activating/start-pre");

        scene.Plan().Actions.Should().Equal(new SetTargetState(Scene.New(2), TargetState.Inactive));
        scene.Shows(Scene.New(2), null, target: TargetState.Inactive).Plan()
            .Actions.Should().Equal(new DestroyUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_AfterARestartWhenOneIsMarked_FinishesTheJob()
    {
        var scene = new Scene().ShowsAllNew("active/running")
            .Shows(Scene.New(2), "inactive/dead", target: TargetState.Inactive)
            .Restarts();

        var plan = scene.Plan();

        plan.Actions.Should().Equal(new SetTargetState(Scene.New(1), TargetState.Inactive));
        plan.Memory.GivingUp.Should().Be(new GivingUp(DeployStatus.RolledBack, "It had been given up before."));
    }

    [Test]
    public void Plan_AfterARestartWhenSomeAreDestroyed_LaunchesNothing() =>
        new Scene().Shows(Scene.New(2), null, target: TargetState.Inactive).Restarts().Plan()
            .Actions.Should().Equal(new DestroyUnit(Scene.New(2)));

    [Test]
    public void Plan_WhenSomebodyElseMarksALaunchedUnit_FinishesTheJob()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post");
        scene.Plan();

        scene.Shows(Scene.New(1), "inactive/dead", target: TargetState.Inactive).Plan()
            .Actions.Should().Equal(new SetTargetState(Scene.New(2), TargetState.Inactive));
    }

    [Test]
    public void Plan_WhenCancelled_MarksFirst()
    {
        var plan = new Scene().ShowsAllNew("activating/start-post").Cancels().Plan();

        plan.Actions.Should().Equal(
            new SetTargetState(Scene.New(1), TargetState.Inactive), new SetTargetState(Scene.New(2), TargetState.Inactive));
    }

    [Test]
    public void Plan_WhenCancelledAndAllIsGone_IsCancelled()
    {
        var plan = new Scene().Cancels().Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Cancelled, "It was cancelled by jane."));
        plan.Events.Should().Equal(new RolloutEvent(RolloutEventKind.Cancelled, "It was cancelled by jane."));
    }

    [Test]
    public void Plan_WhenCancelledWhileAllAreHealthy_DestroysNothingOld() =>
        new Scene().ShowsAllNew("active/running").Cancels().Plan().Actions.Should().AllBeOfType<SetTargetState>();

    [Test]
    public void Plan_WhenADeployThatRunsBesideTheOldIsCancelled_DestroysIt()
    {
        var scene = new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew("inactive/dead", TargetState.Inactive).Cancels();

        scene.Plan().Actions.Should().Equal(new DestroyUnit(Scene.New(1)), new DestroyUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_AfterARestartWhenADeployThatRunsBesideTheOldIsMarked_IsCancelled() =>
        new Scene(oldCount: 0, destroyPrevious: false).ShowsAllNew(null, TargetState.Inactive).Restarts()
            .Plan().Memory.GivingUp!.Status.Should().Be(DeployStatus.Cancelled);

    [Test]
    public void Plan_WhenAllIsGoneAndAnOldUnitHasVanishedSince_DoesNotBeginAnew() =>
        GivenUp().Lacks(Scene.New(1)).Lacks(Scene.New(2)).Lacks(Scene.Old(1)).Plan()
            .Outcome!.Status.Should().Be(DeployStatus.RolledBack);

    private static Scene GivenUp()
    {
        var scene = new Scene().ShowsAllNew("failed/failed");
        scene.Plan();
        return scene.After(1);
    }
}
