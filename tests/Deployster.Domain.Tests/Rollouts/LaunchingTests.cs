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

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Events.Should().Equal(
            new RolloutEvent(RolloutEventKind.Launching, $"Launching {Scene.New(1)}", Scene.New(1)),
            new RolloutEvent(RolloutEventKind.Launching, $"Launching {Scene.New(2)}", Scene.New(2)));
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenSomeAreMissing_LaunchesTheMissing()
    {
        var plan = new Scene().Shows(Scene.New(1), Phase.Starting).Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Events[^1].Should().Be(RolloutEvent.Launching(Scene.New(2)));
    }

    [Test]
    public void Plan_WhenALaunchDidNotCarryThrough_LaunchesAgain()
    {
        var scene = new Scene();
        scene.Plan();

        scene.After(1).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    [TestCase(2)]
    [TestCase(0)]
    public void Plan_WhenALaunchedUnitVanishes_LaunchesItAgain(int oldCount)
    {
        var scene = new Scene(oldCount).ShowsAllNew(Phase.Starting);
        scene.Plan();

        scene.Lacks(Scene.New(2)).After(1).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    [Test]
    public void Plan_WhileNothingIsDecidedWhenAnOldUnitVanishes_LaunchesItAgain() =>
        new Scene().ShowsAllNew(Phase.Starting).Lacks(Scene.Old(1)).Plan().Actions.Should().Equal(Scene.KeepOld);

    [Test]
    public void Plan_WhileNothingIsDecidedWhenAnOldUnitIsStopped_StartsItAgain() =>
        new Scene().Stops(Scene.Old(1)).Plan().Actions.Should().Equal(Scene.KeepNew, Scene.KeepOld);

    [Test]
    public void Plan_WhenAnOldUnitVanishesAndNoneTellsItsIntention_CannotLaunchIt() =>
        new Scene().ShowsAllNew(Phase.Starting).Lacks(Scene.Old(1)).HidesIntention(Scene.Old(2)).Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhileAllAreStarting_DoesNothing() =>
        new Scene().ShowsAllNew(Phase.Starting).Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhileAUnitIsPrepared_AsksForItAgainSoThatTroubleDoesNotEndIt() =>
        new Scene().ShowsAllNew(Phase.Starting).Shows(Scene.New(2), Phase.Preparing).Plan().Actions.Should().Equal(Scene.KeepNew);

    [Test]
    public void Plan_AfterARestart_LaunchesWhatIsMissing() =>
        new Scene().Shows(Scene.New(1), Phase.Healthy).After(10).Restarts().Plan().Actions.Should().Equal(Scene.KeepNew);

    [Test]
    public void Plan_WhenAUnitIsMadeButNotYetToldToRun_TellsItToRunAndDoesNotTakeItForTheMark()
    {
        var plan = new Scene().ShowsAllNew(Phase.Waiting).Shows(Scene.New(1), Phase.Stopped, wanted: Wanted.Stopped).Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAUnitStaysMadeAndNotToldToRun_TellsItAgain()
    {
        var scene = new Scene().ShowsAllNew(Phase.Stopped, Wanted.Stopped);
        scene.Plan();

        scene.After(1).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    [Test]
    public void Plan_AfterARestartWhenUnitsAreNotYetToldToRun_DoesNotTakeThemForTheMark() =>
        new Scene().ShowsAllNew(Phase.Stopped, Wanted.Stopped).Restarts().Plan().Memory.GivingUp.Should().BeNull();

    [Test]
    public void Plan_WhenItReplacesNothing_Launches() => new Scene(oldCount: 0).Plan().Actions.Should().Equal(Scene.KeepNew);

    [Test]
    public void Plan_WhenItRunsBesideTheOldAndAnOldUnitVanishes_LeavesThatAlone() =>
        new Scene(oldCount: 0, destroyPrevious: false).Shows(Scene.Old(2), Phase.Healthy).ShowsAllNew(Phase.Starting)
            .Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhenPhasesChange_TellsEachChangeOnce()
    {
        var scene = new Scene(spec: new DeploySpec()).Shows(Scene.New(1), Phase.Running, detail: "connection refused");

        scene.Plan().Events.Should().Equal(new RolloutEvent(
            RolloutEventKind.UnitState, $"{Scene.New(1)} is running (connection refused)", Scene.New(1)));
        scene.After(1).Plan().Events.Should().BeEmpty();
    }
}
