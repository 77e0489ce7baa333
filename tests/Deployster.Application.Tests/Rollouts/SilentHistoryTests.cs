using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>A history that does not answer is waited for, and never taken for one that knows nothing.</summary>
internal sealed class SilentHistoryTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    private InMemoryFleet _fleet = null!;
    private FakeHistory _history = null!;

    [SetUp]
    public void SetUp()
    {
        _fleet = new InMemoryFleet();
        _fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        _fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        _history = new FakeHistory { IsAway = true };
    }

    [Test]
    public async Task Start_WhileTheHistoryIsSilent_WaitsAndLetsNobodyElseBegin()
    {
        await using var deployster = await TestDeployster.StartAsync(_fleet, _history, JustAfter());
        await PassAsync(deployster, RolloutAdoption.Patience - TimeSpan.FromSeconds(5));

        deployster.Rollouts.All.Should().BeEmpty();
        _fleet.Done.Should().BeEmpty();
        var deploy = () => deployster.DeployAsync("v3");
        (await deploy.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(s_new);
    }

    [Test]
    public async Task Start_WhenTheHistoryStaysSilent_GoesOnWithoutIt()
    {
        await using var deployster = await TestDeployster.StartAsync(_fleet, _history, JustAfter());
        await PassAsync(deployster, RolloutAdoption.Patience + TimeSpan.FromSeconds(5));

        (await deployster.EndAsync(s_new)).Status.Should().Be(DeployStatus.Succeeded);
        _fleet.Names.Should().BeEquivalentTo([s_new.Unit(1)]);
    }

    [Test]
    public async Task Start_WhenTheHistoryAnswersAfterTheEnd_KeepsThePastBeforeWhatHappenedSince()
    {
        _history.Put(
            Sample.Record(s_new, DeployStatus.InProgress, null, s_old),
            new RolloutEvent(RolloutEventKind.Requested, "Deploying"),
            RolloutEvent.Launching(s_new.Unit(1)));
        var past = _history.EventsOf(s_new);

        await EndBeforeTheHistoryAnswersAsync();

        _history[s_new]!.Status.Should().Be(DeployStatus.Succeeded);
        var all = _history.EventsOf(s_new);
        all.Should().StartWith(past).And.HaveCountGreaterThan(past.Count);
        all.Select(happened => happened.Id).Should().Equal(Enumerable.Range(1, all.Count).Select(id => (long)id));
        all[^1].Happened.Kind.Should().Be(RolloutEventKind.Succeeded);
    }

    [Test]
    public async Task Start_WhenTheHistoryAnswersAfterTheEnd_KeepsWhoAskedForIt()
    {
        var requester = new Requester("ada", "10.0.0.7");
        _history.Put(Sample.Record(s_new, DeployStatus.InProgress, null, s_old) with { Requester = requester });

        await EndBeforeTheHistoryAnswersAsync();

        _history[s_new]!.Status.Should().Be(DeployStatus.Succeeded);
        _history[s_new]!.Requester.Should().Be(requester);
    }

    [Test]
    public async Task Start_WhenTheHistoryAnswersInTimeThatItEnded_LeavesItEnded()
    {
        _history.Put(Sample.Record(s_new, DeployStatus.Failed, null, s_old));
        await using var deployster = await TestDeployster.StartAsync(_fleet, _history, JustAfter());
        await PassAsync(deployster, TimeSpan.FromSeconds(10));

        _history.IsAway = false;
        await PassAsync(deployster, TimeSpan.FromMinutes(1));

        deployster.Rollouts.All.Should().BeEmpty();
        _fleet.Done.Should().BeEmpty();
    }

    [Test]
    public async Task Start_AMonthAfterASuccessThatWasNotWrittenDown_DestroysNothing()
    {
        var (fleet, history, clock) = (new InMemoryFleet(), new FakeHistory(), new WatchClock());
        DeployId deploy;
        await using (var first = await TestDeployster.StartAsync(fleet, history, clock))
        {
            deploy = await first.DeployAsync(
                "v1", destroyPrevious: true, Spec.Of("""{"min_healthy_seconds":5,"instance_count":2}"""));
            history.IsAway = true;
            (await first.EndAsync(deploy)).Status.Should().Be(DeployStatus.Succeeded);
        }

        clock.Advance(TimeSpan.FromDays(30));
        history.IsAway = false;
        history[deploy]!.Status.Should().Be(DeployStatus.InProgress);
        fleet.SetPhase(deploy.Unit(1), Domain.Units.Phase.Healthy, restarts: 3);
        await using var second = await TestDeployster.StartAsync(fleet, history, clock);
        await second.EndAsync(deploy);

        fleet.Names.Should().BeEquivalentTo([deploy.Unit(1), deploy.Unit(2)]);
        fleet.Done.Should().OnlyContain(done => done.What == "launch");
    }

    private async Task EndBeforeTheHistoryAnswersAsync()
    {
        await using var deployster = await TestDeployster.StartAsync(_fleet, _history, JustAfter());
        await PassAsync(deployster, RolloutAdoption.Patience + TimeSpan.FromSeconds(5));
        await deployster.EndAsync(s_new);
        _history.IsAway = false;
        await PassAsync(deployster, TimeSpan.FromSeconds(20));
    }

    // Lets the reconciler work for a while.
    private static async Task PassAsync(TestDeployster deployster, TimeSpan time)
    {
        var end = deployster.Clock.GetUtcNow() + time;
        while (deployster.Clock.GetUtcNow() < end)
        {
            await deployster.RestAsync();
            if (deployster.Clock.Pause > TimeSpan.Zero)
            {
                deployster.Clock.EndPause();
            }
            else
            {
                deployster.Clock.Advance(end - deployster.Clock.GetUtcNow());
            }

            await deployster.RestAsync();
        }
    }

    private static WatchClock JustAfter()
    {
        var clock = new WatchClock();
        clock.AdjustTime(s_new.Timestamp.Time.AddSeconds(10));
        return clock;
    }
}
