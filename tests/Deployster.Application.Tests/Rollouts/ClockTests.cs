using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>A wall clock that is set back must not change what comes before what, nor how long anything lasts.</summary>
internal sealed class ClockTests
{
    [Test]
    public async Task Run_OfAGoodVersionAfterTheClockWasSetBack_ReplacesTheOneBefore()
    {
        await using var deployster = await RunAheadAsync();

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        var ended = await deployster.EndAsync(second);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        ended.EndedAt.Should().BeOnOrAfter(ended.Intention.RequestedAt);
        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    [Test]
    public async Task Run_OfABadVersionAfterTheClockWasSetBack_RollsBackAtOnce()
    {
        await using var deployster = await RunAheadAsync();
        var first = deployster.Fleet.Names.Single();
        deployster.Fleet.Becomes = _ => (Phase.Failed, null);

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        var ended = await deployster.EndAsync(second);

        ended.Status.Should().Be(DeployStatus.RolledBack);
        (deployster.Clock.GetUtcNow() - second.Timestamp.Time).Should().BeLessThan(TimeSpan.FromMinutes(1));
        deployster.Fleet.Names.Should().BeEquivalentTo([first]);
    }

    [TestCase(1)]
    [TestCase(-1)]
    public async Task Run_WhenTheClockIsSetByADayMeanwhile_KeepsTheDeadline(int days)
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");

        deployster.Clock.Set(TimeSpan.FromDays(days));
        await deployster.TickAsync(290);
        deployster.RecordOf(deploy).Status.Should().Be(DeployStatus.InProgress);
        await deployster.TickAsync(15);

        deployster.RecordOf(deploy).Status.Should().Be(DeployStatus.Failed);
    }

    // A Deployster whose clock was two minutes ahead has deployed v1.
    private static async Task<TestDeployster> RunAheadAsync()
    {
        var (fleet, history, ahead) = (new InMemoryFleet(), new FakeHistory(), new WatchClock());
        ahead.Advance(TimeSpan.FromMinutes(2));
        await using (var first = await TestDeployster.StartAsync(fleet, history, ahead))
        {
            await first.RunAsync("v1");
        }

        return await TestDeployster.StartAsync(fleet, history, new WatchClock());
    }
}
