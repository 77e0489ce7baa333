using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>Units that are marked to go are destroyed in the background, unless a rollout may still need them.</summary>
internal sealed class UnitSweeperTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public async Task Sweep_OfAUnitThatIsLeftOver_DestroysIt()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_old.Unit(2), Sample.Intention(s_old), wanted: Wanted.Gone);

        await using var deployster = await TestDeployster.StartAsync(fleet);

        await TestDeployster.UntilAsync(() => fleet.Names.Count() == 1);
        fleet.Names.Should().BeEquivalentTo([s_old.Unit(1)]);
    }

    [Test]
    public async Task Sweep_OfAUnitThatAnEndedRolloutReplaced_DestroysIt()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        history.Put(Sample.Record(s_new, DeployStatus.Succeeded, null, s_old));

        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        await TestDeployster.UntilAsync(() => fleet.Names.Count() == 1);
        fleet.Names.Should().BeEquivalentTo([s_new.Unit(1)]);
    }

    [Test]
    public async Task Sweep_OfAUnitThatAFailedRolloutReplaces_LeavesIt()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old), Phase.Failed);
        history.Put(Sample.Record(s_new, DeployStatus.Failed, null, s_old));

        await using var deployster = await TestDeployster.StartAsync(fleet, history);
        await deployster.TickAsync(5);

        fleet.Names.Should().Contain(s_old.Unit(1));
    }

    [Test]
    public async Task Sweep_WhileTheHistoryDoesNotTellHowTheReplacingRolloutEnded_LeavesTheUnit()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory { IsAway = true });
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old), Phase.Failed);

        await using var deployster = await TestDeployster.StartAsync(fleet, history);
        await deployster.TickAsync(4);

        fleet.Names.Should().Contain(s_old.Unit(1));
    }

    [Test]
    public async Task Sweep_OfAUnitThatARolloutUnderWayReplaces_IsLeftToTheRollout()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        deployster.Fleet.BeforeDestroy = _ =>
        {
            deployster.Fleet.SetPhase(second.Unit(1), Phase.Running);
            throw new FleetUnavailableException("docker", "busy");
        };
        await deployster.TickAsync(4);
        deployster.Rollouts.UnderWay.Should().HaveCount(1);

        deployster.Fleet.BeforeDestroy = _ => Task.CompletedTask;
        await deployster.TickAsync(30);

        deployster.Fleet.Names.Should().Contain(first.Unit(1), "the new set is ill");
    }

    [Test]
    public async Task Sweep_OfTheLastUnitsOfAService_LeavesThemWhereNobodyIsKnownToHaveAskedForIt()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new), Phase.Failed);

        await using var deployster = await TestDeployster.StartAsync(fleet);
        await deployster.TickAsync(5);

        fleet.Names.Should().Contain(s_old.Unit(1));
    }

    [Test]
    public async Task Sweep_OfTheLastUnitsOfAService_DestroysThemWhereTheyAreToGo()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        history.Put(Sample.Record(s_old, DeployStatus.Succeeded) with { UnitCount = 0 });

        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        await TestDeployster.UntilAsync(() => !fleet.Names.Any());
    }

    [Test]
    public async Task Sweep_WhileTheUnitsThatReplacedItAreMissing_LeavesTheUnitUntilTheyRun()
    {
        var (fleet, history) = (new InMemoryFleet { Becomes = _ => (Phase.Preparing, null) }, new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        history.Put(Sample.Record(s_old, DeployStatus.Succeeded) with { UnitCount = 0 });
        fleet.Put(s_new.Unit(2), Sample.Intention(s_new), Phase.Preparing);
        history.Put(Sample.Record(s_new, DeployStatus.Succeeded, null, s_old) with { UnitCount = 2 });
        await using var deployster = await TestDeployster.StartAsync(fleet, history);
        await deployster.TickAsync(5);
        fleet.Names.Should().BeEquivalentTo([s_old.Unit(1), s_new.Unit(1), s_new.Unit(2)]);

        fleet.Heal("v2");
        await deployster.TickAsync(2);

        await TestDeployster.UntilAsync(() => fleet.Names.Count() == 2);
        fleet.Names.Should().BeEquivalentTo([s_new.Unit(1), s_new.Unit(2)]);
    }

    [Test]
    public async Task Sweep_WhenNothingIsLeftOfWhatReplacedIt_LeavesTheUnit()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        history.Put(Sample.Record(s_old, DeployStatus.Succeeded) with { UnitCount = 0 });
        history.Put(Sample.Record(s_new, DeployStatus.Succeeded, null, s_old) with { UnitCount = 1 });
        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        await deployster.TickAsync(5);

        fleet.Names.Should().BeEquivalentTo([s_old.Unit(1)]);
    }

    [Test]
    public async Task Sweep_OfAUnitThatCannotBeDestroyed_TriesAgainWithGrowingPauses()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), wanted: Wanted.Gone);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new));
        var attempts = new List<DateTimeOffset>();
        var clock = new WatchClock();
        fleet.BeforeDestroy = _ =>
        {
            attempts.Add(clock.GetUtcNow());
            throw new FleetUnavailableException("docker", "busy");
        };
        await using var deployster = await TestDeployster.StartAsync(fleet, clock: clock);

        await deployster.TickAsync(120);

        var pauses = attempts.Zip(attempts.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        pauses.Should().BeInAscendingOrder().And.Contain(60).And.OnlyContain(pause => pause <= 65);
        pauses[0].Should().BeLessThanOrEqualTo(5);

        fleet.BeforeDestroy = _ => Task.CompletedTask;
        await deployster.TickAsync(13);
        fleet.Names.Should().BeEquivalentTo([s_new.Unit(1)]);
        clock.Pause.Should().Be(Timeout.InfiniteTimeSpan);
    }
}
