using System.Diagnostics.Metrics;
using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>What becomes, after a start, of rollouts that were under way.</summary>
internal sealed class RolloutAdoptionTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public async Task Request_WhenTheFirstAttemptFailsUnexpectedly_DoesNotWaitForEver()
    {
        var fleet = new InMemoryFleet { BeforeRead = () => throw new InvalidOperationException("odd") };
        await using var deployster = new TestDeployster(fleet);
        var request = () => deployster.SendAsync(new ListServices());

        var waiting = request.Should().ThrowAsync<InvalidOperationException>();
        await deployster.BeginAsync();

        await waiting;
    }

    [Test]
    public async Task Start_WithARolloutThatTheFleetAloneTellsOf_CarriesItOn()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, DeploySpec.Default with { InstanceCount = 2 }, s_old), Phase.Preparing);

        await using var deployster = await TestDeployster.StartAsync(fleet, clock: JustAfter(s_new));
        fleet.Names.Should().Contain(s_new.Unit(2), "the missing unit is launched");
        fleet.Heal("v2");
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        fleet.Names.Should().BeEquivalentTo([s_new.Unit(1), s_new.Unit(2)]);
        deployster.History[s_new]!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Start_WithARolloutThatIsMarkedAsGivenUp_FinishesThat()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        await fleet.MarkGoneAsync([s_new.Unit(1)], default);

        await using var deployster = await TestDeployster.StartAsync(fleet, clock: JustAfter(s_new));
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.RolledBack);
        fleet.Names.Should().BeEquivalentTo([s_old.Unit(1)]);
    }

    [Test]
    public async Task Start_WithADeployThatWasWrittenDownAndNeverLaunched_LaunchesIt()
    {
        var history = new FakeHistory();
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));

        await using var deployster = await TestDeployster.StartAsync(history: history, clock: JustAfter(s_new));
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().BeEquivalentTo([s_new.Unit(1)]);
    }

    [Test]
    public async Task Start_WithADeployThatWasHalfLaunched_LaunchesTheRest()
    {
        var fleet = new InMemoryFleet();
        var history = new FakeHistory();
        var spec = DeploySpec.Default with { InstanceCount = 3 };
        history.Put(Sample.Record(s_new, DeployStatus.InProgress, spec));
        fleet.Put(s_new.Unit(2), Sample.Intention(s_new, spec));

        await using var deployster = await TestDeployster.StartAsync(fleet, history, JustAfter(s_new));
        await deployster.EndAsync(s_new);

        fleet.Names.Should().BeEquivalentTo([s_new.Unit(1), s_new.Unit(2), s_new.Unit(3)]);
    }

    [TestCase(RolloutEventKind.GivingUp, DeployStatus.RolledBack)]
    [TestCase(RolloutEventKind.Cancelling, DeployStatus.Cancelled)]
    public async Task Start_WithARolloutThatWasGivenUpAndWhoseUnitsAreGone_DoesNotLaunchItAgain(
        RolloutEventKind decided, DeployStatus expected)
    {
        var fleet = new InMemoryFleet();
        var history = new FakeHistory();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        history.Put(
            Sample.Record(s_new, DeployStatus.InProgress, null, s_old),
            new RolloutEvent(RolloutEventKind.Requested, "Deploying"),
            new RolloutEvent(decided, "because"));

        await using var deployster = await TestDeployster.StartAsync(fleet, history, JustAfter(s_new));
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(expected);
        ended.Message.Should().Be("because");
        fleet.Done.Should().BeEmpty();
        history[s_new]!.Status.Should().Be(expected);
    }

    [Test]
    public async Task Start_WithADeployWithoutUnitsThatALaterOneOvertook_EndsItWithoutLaunching()
    {
        var fleet = new InMemoryFleet();
        var history = new FakeHistory();
        var later = Sample.DeployId("v3", 3);
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));
        fleet.Put(later.Unit(1), Sample.Intention(later));

        await using var deployster = await TestDeployster.StartAsync(fleet, history, JustAfter(later));

        deployster.RecordOf(s_new).Status.Should().Be(DeployStatus.Failed);
        fleet.Done.Should().BeEmpty();
        history[s_new]!.Status.Should().Be(DeployStatus.Failed);
        history.EventsOf(s_new)[^1].Happened.Kind.Should().Be(RolloutEventKind.Failed);
    }

    [Test]
    public async Task Start_WithADeployWithoutUnitsWhoseDeadlineIsOver_EndsItWithoutLaunching()
    {
        var history = new FakeHistory();
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));

        await using var deployster = await TestDeployster.StartAsync(history: history);

        deployster.RecordOf(s_new).Status.Should().Be(DeployStatus.Failed);
        deployster.Fleet.Done.Should().BeEmpty();
    }

    [Test]
    public async Task Start_WithADeployThatEndsAsItIsTakenUp_CountsItsEnd()
    {
        var counted = new List<(long Count, object? Outcome)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "deployster.deploys.ended")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => counted.Add((count, tags[0].Value)));
        listener.Start();
        var history = new FakeHistory();
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));

        await using var deployster = await TestDeployster.StartAsync(history: history);

        counted.Should().Equal((1, "failed"));
    }

    [Test]
    public async Task Start_WithARolloutWhoseDeadlinePassedMeanwhile_StillSeesThatItsUnitsAreHealthy()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));

        await using var deployster = await TestDeployster.StartAsync(fleet);
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Start_WithWhatHasEnded_TakesNothingUp()
    {
        var fleet = new InMemoryFleet();
        var history = new FakeHistory();
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        history.Put(Sample.Record(s_new, DeployStatus.Succeeded, null, s_old));

        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        deployster.Rollouts.All.Should().BeEmpty();
        deployster.Clock.Pause.Should().Be(Timeout.InfiniteTimeSpan);
    }

    [Test]
    public async Task Start_WhileTheFleetIsAway_TakesRolloutsUpWhenItIsBack()
    {
        var fleet = new InMemoryFleet { IsAway = true };
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        await using var deployster = await TestDeployster.StartAsync(fleet, clock: JustAfter(s_new));
        await deployster.TickAsync(3);

        fleet.IsAway = false;
        await deployster.TickAsync();
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Start_WhileTheHistoryIsAway_TakesDeploysUpWhenItIsBack()
    {
        var history = new FakeHistory { IsAway = true };
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));
        await using var deployster = await TestDeployster.StartAsync(history: history, clock: JustAfter(s_new));
        deployster.Clock.Pause.Should().Be(DeployArchive.RetryAfter);

        history.IsAway = false;
        await deployster.TickAsync();
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Start_WhenARequestComesFirst_LetsItWaitUntilItIsKnownWhatIsUnderWay()
    {
        var history = new FakeHistory();
        history.Put(Sample.Record(s_new, DeployStatus.InProgress));
        await using var deployster = new TestDeployster(history: history, clock: JustAfter(s_new));

        var deploying = deployster.DeployAsync("v3");
        await deployster.BeginAsync();

        (await deploying.Awaiting(task => task).Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(s_new);
    }

    [Test]
    public async Task Start_WhileTheFleetIsAway_TellsARequestThatWaitedWithoutAskingAgain()
    {
        var fleet = new InMemoryFleet { IsAway = true };
        await using var deployster = new TestDeployster(fleet);

        var deploying = deployster.DeployAsync("v1");
        await deployster.BeginAsync();

        await deploying.Awaiting(task => task).Should().ThrowAsync<FleetUnavailableException>();
        fleet.Reads.Should().Be(1);
    }

    [Test]
    public async Task Start_WhileTheFleetIsAway_DoesNotFailRequestsWhenItIsBack()
    {
        var fleet = new InMemoryFleet { IsAway = true };
        await using var deployster = await TestDeployster.StartAsync(fleet);

        fleet.IsAway = false;
        var deploy = await deployster.DeployAsync("v1");

        (await deployster.EndAsync(deploy)).Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Restart_AtEveryMomentOfARollout_EndsWithTheNewUnitsAlone()
    {
        for (var ticks = 0; ticks < 6; ticks++)
        {
            var deployster = await TestDeployster.StartAsync();
            await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
            deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
            var second = await deployster.DeployAsync("v2", destroyPrevious: true);
            await deployster.RestAsync();
            for (var tick = 0; tick < ticks && deployster.Rollouts.UnderWay.Count > 0; tick++)
            {
                await deployster.TickAsync();
                deployster.Fleet.Heal("v2");
            }

            await using var next = await deployster.RestartAsync();
            next.Fleet.Heal("v2");
            if (next.Rollouts.Find(second) is not null)
            {
                await next.EndAsync(second);
            }

            next.Fleet.Names.Should().BeEquivalentTo([second.Unit(1), second.Unit(2)], $"it was restarted after {ticks} s");
            next.History[second]!.Status.Should().Be(DeployStatus.Succeeded);
        }
    }

    private static WatchClock JustAfter(DeployId deploy)
    {
        var clock = new WatchClock();
        clock.AdjustTime(deploy.Timestamp.Time.AddSeconds(10));
        return clock;
    }
}
