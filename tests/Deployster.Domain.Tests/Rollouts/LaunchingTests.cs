using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class LaunchingTests
{
    [Test]
    public void Plan_WhenNothingIsLaunched_LaunchesAllInstancesAtOnce()
    {
        var plan = new Scene().Plan();

        plan.Actions.Should().Equal(new LaunchUnit(Scene.New(1)), new LaunchUnit(Scene.New(2)));
        plan.Events.Should().Equal(
            new RolloutEvent(RolloutEventKind.Launching, $"Launching {Scene.New(1)}", Scene.New(1)),
            new RolloutEvent(RolloutEventKind.Launching, $"Launching {Scene.New(2)}", Scene.New(2)));
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenSomeAreMissing_LaunchesTheMissing() =>
        new Scene().Shows(Scene.New(1), "activating/start-pre").Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));

    [Test]
    public void Plan_WhenALaunchDidNotCarryThrough_LaunchesAgain()
    {
        var scene = new Scene();
        scene.Plan();

        scene.After(1).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)), new LaunchUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_WhenALaunchedUnitIsDestroyedBySomebody_LaunchesItAgain()
    {
        var scene = new Scene().ShowsAllNew("activating/start-pre");
        scene.Plan();

        scene.Lacks(Scene.New(2)).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_WhileAllAreStarting_DoesNothing() =>
        new Scene().ShowsAllNew("activating/start-post").Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_AfterARestart_LaunchesWhatIsMissing()
    {
        var scene = new Scene().Shows(Scene.New(1), "active/running");

        scene.After(10).Restarts().Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_WhenAUnitIsMadeButNotYetToldToRun_TellsItToRunAndDoesNotTakeItForTheMark()
    {
        var scene = new Scene().ShowsAllNew(null).Shows(Scene.New(1), null, target: TargetState.Inactive);

        var plan = scene.Plan();

        plan.Actions.Should().Equal(new SetTargetState(Scene.New(1), TargetState.Launched));
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitStaysMadeAndNotToldToRun_TellsItAgain()
    {
        var scene = new Scene().ShowsAllNew(null, TargetState.Inactive);
        scene.Plan();

        scene.After(1).Plan().Actions.Should().Equal(
            new SetTargetState(Scene.New(1), TargetState.Launched), new SetTargetState(Scene.New(2), TargetState.Launched));
    }

    [Test]
    public void Plan_WhenAUnitThatItLaunchedAfterARestartIsNotYetToldToRun_DoesNotTakeItForTheMark()
    {
        var scene = new Scene().Restarts();
        scene.Plan();

        scene.ShowsAllNew(null, TargetState.Inactive).After(1).Plan().Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenItReplacesNothing_LaunchesOnce() =>
        new Scene(oldCount: 0).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)), new LaunchUnit(Scene.New(2)));

    [Test]
    public void Plan_WhenItReplacesNothingAndAUnitIsDestroyedBySomebody_OnlyWatches()
    {
        var scene = new Scene(oldCount: 0).ShowsAllNew("activating/start-pre");
        scene.Plan();

        scene.Lacks(Scene.New(2)).After(1).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenItReplacesNothingAndALaunchDidNotCarryThrough_LaunchesAgain()
    {
        var scene = new Scene(oldCount: 0);
        scene.Plan();

        scene.Shows(Scene.New(1), null).After(1).Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(2)));
    }

    [Test]
    public void Plan_WhenAStateHasNoUnitInTheList_LaunchesTheUnit() =>
        new Scene(spec: new DeploySpec()).ShowsAllNew("active/running").LacksInList(Scene.New(1))
            .Plan().Actions.Should().Equal(new LaunchUnit(Scene.New(1)));

    [Test]
    public void Plan_WhenStatesChange_TellsEachChangeOnce()
    {
        var scene = new Scene(spec: new DeploySpec()).Shows(Scene.New(1), "activating/start-post", detail: "connection refused");

        scene.Plan().Events.Should().Equal(new RolloutEvent(
            RolloutEventKind.UnitState, $"{Scene.New(1)} is activating/start-post (connection refused)", Scene.New(1)));
        scene.After(1).Plan().Events.Should().BeEmpty();
    }
}
