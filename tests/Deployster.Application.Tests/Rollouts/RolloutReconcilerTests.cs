using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tests.Rollouts;

internal sealed class RolloutReconcilerTests
{
    [Test]
    public async Task Run_WhenTheNewUnitsAreHealthy_DestroysWhatTheyReplace()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        await deployster.TickAsync(5);
        deployster.Fleet.Names.Should().Contain([first.Unit(1), first.Unit(2)], "the new ones are not healthy yet");

        deployster.Fleet.Heal("v2");
        var ended = await deployster.EndAsync(second);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        ended.EndedAt.Should().Be(deployster.Clock.GetUtcNow());
        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1), second.Unit(2)]);
        deployster.History[second]!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Run_WhenANewUnitFails_RollsBackWithItsLastLinesAsTheReason()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        deployster.Fleet.LastLines = (unit, count) => [$"{unit.Instance} wrote", $"the last {count} lines"];
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        deployster.Fleet.SetPhase(second.Unit(1), Phase.Failed, "exit code 1");

        var ended = await deployster.EndAsync(second);

        var reason = $"{second.Unit(1)} failed: exit code 1\n| 1 wrote\n| the last 20 lines";
        ended.Status.Should().Be(DeployStatus.RolledBack);
        ended.Message.Should().Be(reason);
        deployster.EventsOf(second).Single(happened => happened.Happened.Kind == RolloutEventKind.GivingUp)
            .Happened.Message.Should().EndWith(reason);
        deployster.History[second]!.Message.Should().Be(reason);
        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1)]);
    }

    [Test]
    public async Task Run_WhenTheLastLinesCannotBeRead_RollsBackAllTheSame()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Failed, null);
        deployster.Fleet.LastLines = (_, _) => throw new InvalidOperationException("no such container");

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.RolledBack);
    }

    [Test]
    public async Task Run_WhenADeployThatReplacesNothingFails_LeavesItsUnitsToBeLookedAt()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Failed, null);
        deployster.Fleet.LastLines = (_, _) => ["boom"];

        var deploy = await deployster.DeployAsync("v1");
        var ended = await deployster.EndAsync(deploy);

        ended.Status.Should().Be(DeployStatus.Failed);
        ended.Message.Should().EndWith("| boom");
        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1)]);
    }

    [Test]
    public async Task Run_WhenTheDeadlinePasses_RollsBack()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Running, null);

        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of("""{"deadline":30}"""));
        await deployster.TickAsync(30);
        deployster.Rollouts.UnderWay.Should().HaveCount(1);
        var ended = await deployster.EndAsync(second);

        ended.Status.Should().Be(DeployStatus.RolledBack);
        ended.Message.Should().Contain("not healthy within 30 s");
        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1)]);
    }

    [Test]
    public async Task Run_OfFiftyRollouts_ReadsTheFleetOnceASecondForAllOfThem()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        for (var i = 0; i < 50; i++)
        {
            await deployster.SendAsync(new DeployVersion { Service = $"service{i}", Version = "v1" });
        }

        await deployster.TickAsync();
        var reads = deployster.Fleet.Reads;
        await deployster.TickAsync(10);

        deployster.Rollouts.UnderWay.Should().HaveCount(50);
        deployster.Fleet.Reads.Should().Be(reads + 10);
    }

    [Test]
    public async Task Run_WhenNothingIsUnderWay_Rests()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var lists = deployster.Fleet.Reads;

        deployster.Clock.Advance(TimeSpan.FromHours(1));

        deployster.Clock.Pause.Should().Be(Timeout.InfiniteTimeSpan);
        deployster.Fleet.Reads.Should().Be(lists);
    }

    [Test]
    public async Task Run_WhileTheFleetIsAway_AsksLessAndLessOftenAndCarriesOnWhenItIsBack()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");
        await deployster.RestAsync();

        deployster.Fleet.IsAway = true;
        var pauses = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            await deployster.TickAsync();
            pauses.Add(deployster.Clock.Pause!.Value.TotalSeconds);
        }

        deployster.Fleet.IsAway = false;
        deployster.Fleet.Heal("v1");
        var ended = await deployster.EndAsync(deploy);

        pauses.Should().Equal(2, 4, 8, 10, 10, 10);
        ended.Status.Should().Be(DeployStatus.Succeeded);
        deployster.EventsOf(deploy).Should().ContainSingle(happened => happened.Happened.Kind == RolloutEventKind.Retrying)
            .Which.Happened.Message.Should().Be("unix:///run/fleet.sock does not answer: Connection refused; trying again");
    }

    [Test]
    public async Task Run_WhenTheFleetThrowsWhatNobodyForesaw_CarriesOn()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");
        await deployster.RestAsync();

        deployster.Fleet.BeforeRead = () => throw new TaskCanceledException("a timeout of some client");
        await deployster.TickAsync();
        deployster.Fleet.BeforeRead = () => Task.CompletedTask;
        deployster.Fleet.Heal("v1");

        (await deployster.EndAsync(deploy)).Status.Should().Be(DeployStatus.Succeeded);
        deployster.Log.Lines.Should().Contain(line => line.Level == LogLevel.Error);
    }

    [Test]
    public async Task Run_WhenALaunchFails_TriesAgain()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var failures = 3;
        deployster.Fleet.BeforeLaunch = unit => unit.Instance == 2 && failures-- > 0
            ? throw new FleetUnavailableException("unix:///run/fleet.sock", "500 Internal Server Error")
            : Task.CompletedTask;

        var deploy = await deployster.DeployAsync("v1", spec: Spec.Of("""{"instance_count":3}"""));
        var ended = await deployster.EndAsync(deploy);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().HaveCount(3);
        deployster.EventsOf(deploy).Should().ContainSingle(
            happened => happened.Happened.Kind == RolloutEventKind.Retrying, "what is tried again and again is told once");
    }

    [Test]
    public async Task Run_WhenADestroyFails_TriesAgain()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        var failures = 3;
        deployster.Fleet.BeforeDestroy = _ => failures-- > 0
            ? throw new FleetUnavailableException("unix:///run/fleet.sock", "500 Internal Server Error")
            : Task.CompletedTask;

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().OnlyContain(unit => unit.DeployId == second);
    }

    [Test]
    public async Task Run_WhileALaunchIsInFlight_DoesNotEndTheRollout()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var launched = new TaskCompletionSource();
        deployster.Fleet.BeforeLaunch = unit => unit.Instance == 2 ? launched.Task : Task.CompletedTask;
        deployster.Fleet.Becomes = _ => (Phase.Failed, null);
        var deploying = deployster.DeployAsync("v1", spec: Spec.Of("""{"instance_count":2}"""));
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay.Count == 1);

        await deployster.TickAsync(3);
        deployster.Rollouts.UnderWay.Should().HaveCount(1);
        launched.SetResult();

        (await deployster.EndAsync(await deploying)).Status.Should().Be(DeployStatus.Failed);
    }

    [Test]
    public async Task Run_OfOneRolloutThatCannotBeWatched_CarriesTheOthersOn()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var broken = (await deployster.SendAsync(new DeployVersion { Service = "broken", Version = "v1" })).Record.DeployId;
        var good = await deployster.DeployAsync("v1");
        await deployster.TickAsync();

        deployster.History.AfterSave = record =>
        {
            if (record.DeployId == broken)
            {
                throw new InvalidOperationException("a bug");
            }
        };
        deployster.Fleet.SetPhase(broken.Unit(1), Phase.Running);
        deployster.Fleet.SetPhase(good.Unit(1), Phase.Healthy);
        var ended = await deployster.EndAsync(good);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        deployster.Log.Lines.Should().Contain(line => line.Level == LogLevel.Error);
    }

    [Test]
    public async Task Run_WhenMinHealthySecondsAreAskedFor_WaitsSoLong()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.DeployAsync("v1", spec: Spec.Of("""{"min_healthy_seconds":5}"""));
        await deployster.RestAsync();

        await deployster.TickAsync(4);
        deployster.Rollouts.UnderWay.Should().HaveCount(1);

        (await deployster.EndAsync(deploy)).Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Run_WhenSomethingIsToldAfterTheEnd_WritesItDown()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");

        deployster.Rollouts.Find(deploy)!.Tell(
            deployster.Clock.GetUtcNow(), new RolloutEvent(RolloutEventKind.Retrying, "busy; trying again"));

        await TestDeployster.UntilAsync(() => deployster.History.EventsOf(deploy)[^1].Happened.Message == "busy; trying again");
    }

    [Test]
    public async Task Stop_WhileItRests_Ends()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");

        await deployster.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task Stop_WhileActionsAreInFlight_DoesNotWaitForThem()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.BeforeLaunch = _ => new TaskCompletionSource().Task;
        _ = deployster.DeployAsync("v1");
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay.Count == 1);

        await deployster.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
    }
}
