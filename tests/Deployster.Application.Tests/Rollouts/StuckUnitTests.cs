using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>A unit that cannot be destroyed blocks nothing else of its service.</summary>
internal sealed class StuckUnitTests
{
    [Test]
    public async Task Run_WhenAReplacedUnitCannotBeDestroyed_SucceedsWithinTheDeadlineAndNamesIt()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var (first, second) = await DeployOverStuckAsync(deployster);

        var record = deployster.RecordOf(second);
        record.Status.Should().Be(DeployStatus.Succeeded);
        record.Message.Should().Contain($"could not be destroyed yet: {first.Unit(1)}");
        (record.EndedAt!.Value - record.Intention.RequestedAt).Should().BeLessThan(record.Intention.Spec.Deadline + TimeSpan.FromSeconds(10));
        deployster.Fleet[first.Unit(1)].IsGone.Should().BeTrue();
    }

    [Test]
    public async Task Run_WhenAUnitOfAnEndedDeployIsStuck_DeploysScalesRollsBackAndDestroysAllTheSame()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await DeployOverStuckAsync(deployster);

        await deployster.SendAsync(new ScaleService("railsapp", 3));
        var third = await deployster.RunAsync("v3", destroyPrevious: true);
        deployster.RecordOf(third).Status.Should().Be(DeployStatus.Succeeded);
        var back = (await deployster.SendAsync(new RollBack("railsapp"))).Record.DeployId;
        (await deployster.EndAsync(back)).Status.Should().Be(DeployStatus.Succeeded);
        back.Version.Value.Should().Be("v2");
        await deployster.SendAsync(new DestroyVersion("railsapp", "v2", null));

        deployster.Fleet.Names.Should().OnlyContain(unit => unit.DeployId.Version.Value == "v1", "the stuck unit alone is left");
    }

    [Test]
    public async Task Run_WhenAStuckUnitCanBeDestroyed_DestroysItInTheBackground()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var (_, second) = await DeployOverStuckAsync(deployster);

        deployster.Fleet.BeforeDestroy = _ => Task.CompletedTask;
        await deployster.TickAsync(15);

        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    [Test]
    public async Task Run_AfterARestart_DestroysTheStuckUnitAndBeginsNoRollout()
    {
        var deployster = await TestDeployster.StartAsync();
        var (_, second) = await DeployOverStuckAsync(deployster);
        await using var next = await deployster.RestartAsync();

        next.Rollouts.UnderWay.Should().BeEmpty();
        next.Fleet.BeforeDestroy = _ => Task.CompletedTask;
        await next.TickAsync(15);

        next.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    private static async Task<(DeployId First, DeployId Second)> DeployOverStuckAsync(TestDeployster deployster)
    {
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.BeforeDestroy = unit => unit == first.Unit(1)
            ? throw new FleetUnavailableException("docker", "device or resource busy")
            : Task.CompletedTask;
        return (first, await deployster.RunAsync("v2", destroyPrevious: true));
    }
}
