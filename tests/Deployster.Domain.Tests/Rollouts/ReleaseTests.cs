using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReleaseTests
{
    private static readonly DeploySpec s_spec = new() { InstanceCount = 2, ReleaseCommand = ["migrate"], Deadline = TimeSpan.FromSeconds(60) };

    private readonly Scene _scene = new(spec: s_spec);

    private Deploy Deploy => _scene.Deploy with { Intention = _scene.Deploy.Intention with { RunsRelease = true } };

    [Test]
    public void Plan_BeforeTheReleaseCommand_RunsItAndNothingElse() =>
        Plan(ReleaseState.NotBegun).Actions.Should().Equal(new RunRelease(Deploy.Id));

    [Test]
    public void Plan_WhileItRunsOrNobodyKnows_WaitsHoweverLongThatTakes()
    {
        Plan(ReleaseState.Running, seconds: 500).Should().Match<RolloutPlan>(plan => plan.Actions.IsEmpty && plan.Outcome == null);
        Plan(null, seconds: 500).Should().Match<RolloutPlan>(plan => plan.Actions.IsEmpty && plan.Outcome == null);
    }

    [Test]
    public void Plan_WhenItHasSucceeded_LaunchesAndCountsTheDeadlineFromThen()
    {
        var plan = Plan(ReleaseState.Succeeded, seconds: 500);

        plan.Events[0].Kind.Should().Be(RolloutEventKind.Released);
        plan.Actions.Should().ContainEquivalentOf(new KeepUnits(Deploy.Id, 2, 2));
        plan.Memory.Deadline.Should().Be(Scene.Start + TimeSpan.FromSeconds(560));
    }

    [Test]
    public void Plan_WhenItHasFailed_EndsTheDeployAndTouchesNothing()
    {
        var plan = Plan(ReleaseState.Failed("Exited (3)"));

        plan.Outcome.Should().Be(new RolloutOutcome(DeployStatus.Failed, "Exited (3)"));
        plan.Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenItIsCancelledWhileItRuns_StopsItAndEndsWhenItHasEnded()
    {
        var cancelled = new GivingUp(DeployStatus.Cancelled, "It was cancelled.");

        Plan(ReleaseState.Running, givingUp: cancelled).Actions.Should().Equal(new StopRelease(Deploy.Id));
        Plan(ReleaseState.Failed("Exited (143)"), givingUp: cancelled).Outcome.Should().Be(new RolloutOutcome(DeployStatus.Cancelled, cancelled.Reason));
    }

    [Test]
    public void Plan_WhenItCannotBeStartedByTheDeadline_EndsTheDeploy() =>
        Plan(ReleaseState.NotBegun, seconds: 61).Outcome!.Status.Should().Be(DeployStatus.Failed);

    [Test]
    public void Plan_WhenNobodyCanEverTellHowFarItCame_EndsTheDeploy() =>
        Plan(null, seconds: 61 + 600).Outcome!.Status.Should().Be(DeployStatus.Failed);

    [Test]
    public void Plan_WhenAReplacedUnitIsMarkedDuringIt_LaunchesNothing()
    {
        _scene.Marks(Scene.Old(1)).Lacks(Scene.Old(2));

        Plan(ReleaseState.Running).Actions.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhenThereAreUnits_KnowsThatItHasRun()
    {
        _scene.ShowsAllNew(Phase.Healthy);

        Plan(null).Actions.OfType<RunRelease>().Should().BeEmpty();
        Plan(null).Memory.SucceedingSince.Should().NotBeNull();
    }

    private RolloutPlan Plan(ReleaseState? release, int seconds = 0, GivingUp? givingUp = null) => RolloutPlanner.Plan(
        Deploy,
        _scene.Units,
        RolloutMemory.Begin(Deploy, Scene.Start) with { Release = release, GivingUp = givingUp },
        Scene.Start + TimeSpan.FromSeconds(seconds));
}
