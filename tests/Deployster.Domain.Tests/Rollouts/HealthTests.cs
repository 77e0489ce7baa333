using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class HealthTests
{
    private static readonly DeploySpec s_fiveSeconds = new() { InstanceCount = 2, MinHealthy = TimeSpan.FromSeconds(5) };

    private static readonly RolloutAction[] s_destroyOld = [new DestroyUnit(Scene.Old(1)), new DestroyUnit(Scene.Old(2))];

    [Test]
    public void Plan_WhenAllAreHealthy_DestroysWhatIsReplaced()
    {
        var plan = new Scene().ShowsAllNew("active/running").Plan();

        plan.Actions.Should().Equal(s_destroyOld);
        plan.Memory.SucceedingSince.Should().Be(Scene.Start);
        plan.Events.TakeLast(3).Should().Equal(
            new RolloutEvent(RolloutEventKind.Healthy, "All 2 units are healthy."),
            new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {Scene.Old(1)}", Scene.Old(1)),
            new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {Scene.Old(2)}", Scene.Old(2)));
    }

    [TestCase("activating/start-post")]
    [TestCase("active/exited")]
    [TestCase("reloading/running")]
    [TestCase("inactive/dead")]
    [TestCase(null)]
    public void Plan_WhenOneIsNotHealthy_TouchesNothingOld(string? words) =>
        new Scene().ShowsAllNew("active/running").Shows(Scene.New(2), words).Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhenAHealthyUnitIsGoneAndOnlyItsStateIsLeft_TouchesNothingOld()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();

        scene.LacksInList(Scene.New(2)).After(5).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_WhenHealthyForLessThanMinHealthySeconds_TouchesNothingOld()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();

        scene.After(4.9).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenHealthyForMinHealthySeconds_DestroysWhatIsReplaced()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();

        scene.After(5).Plan().Actions.Should().Equal(s_destroyOld);
    }

    [Test]
    public void Plan_WhenOneHasLeftHealthInBetween_CountsFromItsReturn()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();
        scene.After(3).Shows(Scene.New(2), "activating/start-post").Plan();
        scene.After(1).Shows(Scene.New(2), "active/running").Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(s_destroyOld);
    }

    [Test]
    public void Plan_WhenOneWasRestartedBetweenTwoLooks_CountsFromTheRestart()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();
        scene.After(4).Shows(Scene.New(2), "active/running", restarts: 1).Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(s_destroyOld);
    }

    [Test]
    public void Plan_WhenOneWasStoppedInBetween_CountsFromItsReturn()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();
        scene.After(4).Shows(Scene.New(2), "active/running", target: TargetState.Loaded).Plan();
        scene.After(1).Shows(Scene.New(2), "active/running").Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_AfterARestart_CountsMinHealthySecondsAnew()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew("active/running");
        scene.Plan();
        scene.After(4).Restarts().Plan().Actions.Should().BeEmpty();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(s_destroyOld);
    }

    [Test]
    public void Plan_WhenUnitsOfTheServiceAreNotReplaced_LeavesThemAlone()
    {
        var scene = new Scene()
            .Shows(Scene.Other("railsapp", "beside"), "active/running")
            .Shows(Scene.Other("otherapp", "old"), "active/running")
            .ShowsAllNew("active/running");

        scene.Plan().Actions.Should().Equal(s_destroyOld);
    }

    [Test]
    public void Plan_WhenAUnitOfAReplacedNameWasLaunchedAfterTheRequest_LeavesItAlone()
    {
        var later = new Scene().Rollout.Intention with { RequestedAt = Scene.Start.AddSeconds(1) };
        var scene = new Scene().Shows(Scene.Old(2), "active/running", intention: later).ShowsAllNew("active/running");

        scene.Plan().Actions.Should().Equal(new DestroyUnit(Scene.Old(1)));
    }

    [Test]
    public void IsReplaced_OfItsOwnUnit_IsFalse()
    {
        var scene = new Scene().ShowsAllNew("active/running");
        var itself = new ReplacedDeploy(scene.Rollout.Deploy.Version, scene.Rollout.Deploy.Timestamp, 0);
        var rollout = scene.Rollout with
        {
            Intention = scene.Rollout.Intention with { Replaces = scene.Rollout.Intention.Replaces.Add(itself) },
        };

        rollout.IsReplaced(new FleetUnit(Scene.New(1), TargetState.Launched, TargetState.Launched, null, rollout.Intention))
            .Should().BeFalse();
    }

    [Test]
    public void Plan_WhenAllAreHealthyAndItReplacesNothing_HasSucceeded()
    {
        var plan = new Scene(oldCount: 0).ShowsAllNew("active/running").Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Succeeded, "All 2 units are healthy."));
        plan.Events[^1].Should().Be(new RolloutEvent(RolloutEventKind.Succeeded, "All 2 units are healthy."));
    }

    [Test]
    public void Plan_WhenItRunsBesideTheOld_SucceedsAndTouchesNothingOld()
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: false)
            .Shows(Scene.Old(1), "active/running")
            .ShowsAllNew("active/running")
            .Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }
}
