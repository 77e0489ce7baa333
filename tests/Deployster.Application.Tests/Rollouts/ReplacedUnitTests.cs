using Deployster.Application.Deploys;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>What a rollout does to the units that it is to replace, until they go.</summary>
internal sealed class ReplacedUnitTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public async Task Run_WhileAUnitThatItReplacesIsStillBeingMade_DoesNotEndBeforeThatIsDestroyed()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        // Somebody takes a unit of the old set away: it is brought back, which takes its time.
        var (isAsked, made) = (new TaskCompletionSource(), new TaskCompletionSource());
        deployster.Fleet.BeforeLaunch = unit =>
        {
            isAsked.TrySetResult();
            return unit == first.Unit(2) ? made.Task : Task.CompletedTask;
        };
        deployster.Fleet.Take(first.Unit(2));
        await deployster.TickAsync(2);
        await isAsked.Task.WaitAsync(WaitFor.Limit);
        deployster.Fleet.Heal("v2");
        await deployster.TickAsync(4);

        deployster.RecordOf(second).Status.Should().Be(DeployStatus.InProgress);
        made.SetResult();
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1), second.Unit(2)]);
    }

    [Test]
    public async Task Run_WhenALaterDeployWasGivenTheNameOfWhatItReplaces_BringsBackWhatItReplacesAlone()
    {
        var fleet = new InMemoryFleet();
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old) with { RequestedAt = s_new.Timestamp.Time.AddMinutes(1), Image = "later" });
        fleet.Put(s_old.Unit(2), Sample.Intention(s_old), Phase.Stopped, Wanted.Stopped);
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old), Phase.Starting);

        var clock = new WatchClock();
        clock.AdjustTime(s_new.Timestamp.Time.AddSeconds(10));
        await using var deployster = await TestDeployster.StartAsync(fleet, clock: clock);
        await deployster.TickAsync(2);

        fleet[s_old.Unit(2)].IsWanted.Should().BeTrue();
        fleet.Done.Should().Equal([("start", s_old.Unit(2))]);
    }
}
