using System.Collections.Concurrent;
using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>Units that vanish behind Deployster's back are launched again, as long as it is told how many are wanted.</summary>
internal sealed class UnitKeeperTests
{
    private static readonly SpecChanges s_three = Spec.Of("""{"instance_count":3}""");

    [Test]
    public async Task Mend_WhenAUnitHasVanished_LaunchesItAgain()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.Fleet.Take(deploy.Unit(2));

        await deployster.LookAsync();

        await UntilCountAsync(deployster, 3);
        deployster.Rollouts.UnderWay.Should().BeEmpty("that is no rollout");
    }

    [Test]
    public async Task Mend_WhenAllUnitsHaveVanished_LaunchesThemAgain()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        Enumerable.Range(1, 3).ToList().ForEach(instance => deployster.Fleet.Take(deploy.Unit(instance)));

        await deployster.LookAsync();

        await UntilCountAsync(deployster, 3);
    }

    [Test]
    public async Task Mend_WhenUnitsHaveVanishedWhileDeploysterWasAway_LaunchesThemAgain()
    {
        var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.Fleet.Take(deploy.Unit(1));
        deployster.Fleet.Take(deploy.Unit(3));

        await using var next = await deployster.RestartAsync();

        await UntilCountAsync(next, 3);
    }

    [Test]
    public async Task Mend_WhenADestructionWasNotWrittenDownAndDeploysterWasRestarted_LaunchesNothing()
    {
        var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", s_three);
        deployster.History.IsAway = true;
        await deployster.SendAsync(new DestroyVersion("railsapp", "v1", null));

        await using var next = await deployster.RestartAsync();
        next.History.IsAway = false;
        await next.LookAsync();
        await next.LookAsync();

        next.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Mend_WhenTheFleetCouldNotStartAUnit_HasItTryAgain()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Traits = deployster.Fleet.Traits with { KeepsStarting = false };
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.Fleet.SetPhase(deploy.Unit(2), Phase.Failed, "port is already allocated");

        await deployster.LookAsync();

        await TestDeployster.UntilAsync(() => deployster.Fleet.Done.Contains(("start", deploy.Unit(2))));
    }

    [Test]
    public async Task Mend_OfADeployThatReplacedOthers_MakesUnitsThatReplaceNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var second = await deployster.RunAsync("v2", s_three, destroyPrevious: true);
        deployster.Fleet.Take(second.Unit(2));

        await deployster.LookAsync();

        await UntilCountAsync(deployster, 3);
        deployster.Fleet[second.Unit(2)].Intention!.Replaces.Should().BeEmpty();
    }

    [Test]
    public async Task Mend_WhenTheTagMeansAnotherImageMeanwhile_LaunchesTheImageOfTheOtherUnits()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.Fleet.Put(deploy.Unit(1), deployster.Fleet[deploy.Unit(1)].Intention! with { ImageId = "sha256:1" });
        deployster.Fleet.Take(deploy.Unit(2));

        await deployster.LookAsync();

        await UntilCountAsync(deployster, 3);
        deployster.Fleet[deploy.Unit(2)].Intention!.ImageId.Should().Be("sha256:1");
    }

    [Test]
    public async Task Mend_OfWhatWasScaledDown_LaunchesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        await deployster.SendAsync(new ScaleService("railsapp", 1));

        await deployster.LookAsync();
        await using var next = await deployster.RestartAsync();
        await next.LookAsync();

        next.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1)]);
    }

    [Test]
    public async Task Mend_OfWhatWasScaledUp_LaunchesAsManyAsAreWantedNow()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");
        await deployster.SendAsync(new ScaleService("railsapp", 3));
        deployster.Fleet.Take(deploy.Unit(1));
        deployster.Fleet.Take(deploy.Unit(2));

        await deployster.LookAsync();

        await UntilCountAsync(deployster, 3);
    }

    [Test]
    public async Task Mend_OfWhatWasDestroyed_LaunchesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", s_three);
        await deployster.SendAsync(new DestroyVersion("railsapp", "v1", null));

        await deployster.LookAsync();
        await using var next = await deployster.RestartAsync();
        await next.LookAsync();

        next.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Mend_OfWhatWasReplaced_LaunchesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", s_three);
        var second = await deployster.RunAsync("v2", Spec.Of("""{"instance_count":1}"""), destroyPrevious: true);

        await deployster.LookAsync();
        await using var next = await deployster.RestartAsync();
        await next.LookAsync();

        next.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    [Test]
    public async Task Mend_OfUnitsThatAnotherDeploysterHasMarked_TakesWhatItLeavesForWhatIsWanted()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        await deployster.Fleet.MarkGoneAsync([deploy.Unit(3)], default);

        await deployster.LookAsync();
        await TestDeployster.UntilAsync(() => deployster.Fleet.Names.Count() == 2);
        await deployster.LookAsync();

        deployster.History[deploy]!.UnitCount.Should().Be(2);
        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1), deploy.Unit(2)]);
    }

    [Test]
    public async Task Mend_WhileTheHistoryIsSilent_LaunchesNothingUntilItAnswers()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory { IsAway = true });
        var deploy = Sample.DeployId("v1");
        fleet.Put(deploy.Unit(1), Sample.Intention(deploy));
        history.Put(Sample.Record(deploy, DeployStatus.Succeeded) with { UnitCount = 2 });
        await using var deployster = await TestDeployster.StartAsync(fleet, history);
        await deployster.TickAsync(10);
        fleet.Done.Should().BeEmpty();

        history.IsAway = false;
        await deployster.TickAsync(2);

        await UntilCountAsync(deployster, 2);
    }

    [Test]
    public async Task Mend_WhereTheHistoryTellsNoNumber_LaunchesNothing()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        var deploy = Sample.DeployId("v1");
        history.Put(Sample.Record(deploy, DeployStatus.Succeeded));
        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        await deployster.LookAsync();

        fleet.Done.Should().BeEmpty();
    }

    [Test]
    public async Task Mend_OfAFirstDeployThatFailed_LaunchesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Domain.Units.Phase.Failed, null);
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.RecordOf(deploy).Status.Should().Be(DeployStatus.Failed);
        deployster.Fleet.Take(deploy.Unit(2));

        await deployster.LookAsync();

        deployster.Fleet.Names.Should().HaveCount(2);
    }

    [Test]
    public async Task Mend_WhereTheFleetTakesItAndMakesNothing_TriesAgainWithGrowingPauses()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        var attempts = new ConcurrentQueue<DateTimeOffset>();
        deployster.Fleet.BeforeLaunch = _ =>
        {
            attempts.Enqueue(deployster.Clock.GetUtcNow());
            return Task.CompletedTask;
        };
        deployster.Fleet.MakesNothing = true;
        deployster.Fleet.Take(deploy.Unit(2));

        await deployster.LookAsync();
        await deployster.TickAsync(50);

        var pauses = attempts.Zip(attempts.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        pauses.Should().BeInAscendingOrder().And.Contain(60).And.OnlyContain(pause => pause <= 65);

        deployster.Fleet.MakesNothing = false;
        await deployster.TickAsync(15);
        deployster.Fleet.Names.Should().HaveCount(3);
        deployster.Clock.Pause.Should().Be(Timeout.InfiniteTimeSpan);
    }

    [Test]
    public async Task Mend_WhereTheFleetRefuses_HoldsUpNoRollout()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", s_three);
        deployster.Fleet.BeforeLaunch = unit => unit == deploy.Unit(2)
            ? throw new SpecRefusedException("deploy.version", "has no image.")
            : Task.CompletedTask;
        deployster.Fleet.Take(deploy.Unit(2));

        var other = await deployster.SendAsync(
            new DeployVersion { Service = "other", Version = "v1", Spec = Spec.Of("""{"min_healthy_seconds":25}""") });
        var ended = await deployster.EndAsync(other.Record.DeployId);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        (ended.EndedAt!.Value - ended.Intention.RequestedAt).Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    private static Task UntilCountAsync(TestDeployster deployster, int count) =>
        TestDeployster.UntilAsync(() => deployster.Fleet.Names.Count() == count);
}
