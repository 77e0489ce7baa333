using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class HealthTests
{
    private static readonly DeploySpec s_fiveSeconds = new() { InstanceCount = 2, MinHealthy = TimeSpan.FromSeconds(5) };

    [Test]
    public void Plan_WhenAllAreHealthy_MarksWhatIsReplacedAndDestroysNothingYet()
    {
        var plan = new Scene().ShowsAllNew(Phase.Healthy).Plan();

        plan.Actions.Should().Equal(Scene.MarkOld(1, 2));
        plan.Memory.SucceedingSince.Should().Be(Scene.Start);
        plan.Events[^1].Should().Be(new RolloutEvent(RolloutEventKind.Healthy, "All 2 units are healthy."));
    }

    [TestCase(Phase.Waiting)]
    [TestCase(Phase.Starting)]
    [TestCase(Phase.Running)]
    [TestCase(Phase.Restarting)]
    [TestCase(Phase.Stopping)]
    [TestCase(Phase.Stopped)]
    public void Plan_WhenOneIsNotHealthy_TouchesNothingOld(Phase phase) =>
        new Scene().ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), phase).Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhenAHealthyUnitIsGone_TouchesNothingOld()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.Lacks(Scene.New(2)).After(5).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    [Test]
    public void Plan_WhenHealthyForLessThanMinHealthySeconds_TouchesNothingOld()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.After(4.9).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenHealthyForMinHealthySeconds_MarksWhatIsReplaced()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();

        scene.After(5).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenOneHasLeftHealthInBetween_CountsFromItsReturn()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.After(3).Shows(Scene.New(2), Phase.Running).Plan();
        scene.After(1).Shows(Scene.New(2), Phase.Healthy).Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenOneWasMadeAnewAndRestartedBetweenTwoLooks_CountsFromTheRestart()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy).Shows(Scene.New(2), Phase.Healthy, restarts: 1);
        scene.Plan();
        scene.After(1).Shows(Scene.New(2), Phase.Healthy, restarts: 0).Plan();
        scene.After(4).Shows(Scene.New(2), Phase.Healthy, restarts: 1).Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenOneWasRestartedBetweenTwoLooks_CountsFromTheRestart()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.After(4).Shows(Scene.New(2), Phase.Healthy, restarts: 1).Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenOneWasStoppedInBetween_CountsFromItsReturn()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.After(4).Shows(Scene.New(2), Phase.Healthy, wanted: Wanted.Stopped).Plan();
        scene.After(1).Shows(Scene.New(2), Phase.Healthy).Plan();

        scene.After(4).Plan().Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_AfterARestart_CountsMinHealthySecondsAnew()
    {
        var scene = new Scene(spec: s_fiveSeconds).ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.After(4).Restarts().Plan().Actions.Should().BeEmpty();

        scene.After(4).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [Test]
    public void Plan_WhenTheFleetHasChosenOtherInstanceNumbers_TakesThem() =>
        new Scene().Shows(Scene.New(4), Phase.Healthy).Shows(Scene.New(7), Phase.Healthy).Plan()
            .Actions.Should().Equal(Scene.MarkOld(1, 2));

    [Test]
    public void Plan_WhenUnitsOfTheServiceAreNotReplaced_LeavesThemAlone() =>
        new Scene()
            .Shows(Scene.Other("railsapp", "beside"), Phase.Healthy)
            .Shows(Scene.Other("otherapp", "old"), Phase.Healthy)
            .ShowsAllNew(Phase.Healthy)
            .Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));

    [Test]
    public void Plan_WhenAUnitOfAReplacedNameWasLaunchedAfterTheRequest_LeavesItAlone()
    {
        var later = new Scene().Deploy.Intention with { RequestedAt = Scene.RequestedAt.AddSeconds(1) };
        var scene = new Scene().Shows(Scene.Old(2), Phase.Healthy, intention: later).ShowsAllNew(Phase.Healthy);

        scene.Plan().Actions.Should().Equal(Scene.MarkOld(1));
    }

    [Test]
    public void IsReplaced_OfItsOwnUnit_IsFalse()
    {
        var deploy = new Scene().Deploy;
        var itself = new ReplacedDeploy(deploy.Id.Version, deploy.Id.Timestamp, 0);
        deploy = deploy with { Intention = deploy.Intention with { Replaces = deploy.Intention.Replaces.Add(itself) } };

        deploy.IsReplaced(new Unit(Scene.New(1), Wanted.Running, Phase.Healthy) { Intention = deploy.Intention }).Should().BeFalse();
    }

    [Test]
    public void Plan_WhenAllAreHealthyAndItReplacesNothing_HasSucceeded()
    {
        var plan = new Scene(oldCount: 0).ShowsAllNew(Phase.Healthy).Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Succeeded, "All 2 units are healthy."));
        plan.Events[^1].Should().Be(new RolloutEvent(RolloutEventKind.Succeeded, "All 2 units are healthy."));
    }

    [Test]
    public void Plan_WhenItRunsBesideTheOld_SucceedsAndTouchesNothingOld()
    {
        var plan = new Scene(oldCount: 0, destroyPrevious: false)
            .Shows(Scene.Old(1), Phase.Healthy)
            .ShowsAllNew(Phase.Healthy)
            .Plan();

        plan.Actions.Should().BeEmpty();
        plan.Outcome!.Status.Should().Be(DeployStatus.Succeeded);
    }
}
