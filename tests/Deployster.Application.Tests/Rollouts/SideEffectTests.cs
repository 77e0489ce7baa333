using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>Who only looks changes nothing.</summary>
internal sealed class SideEffectTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public async Task Look_WhileADeployBegins_TakesNothingUp()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var looked = new TaskCompletionSource();
        deployster.Fleet.BeforeLaunch = unit => unit.Instance == 1 ? Task.CompletedTask : looked.Task;

        // One unit is there, the other is not, and the request has not been answered.
        var deploying = deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of("""{"instance_count":2}"""));
        await TestDeployster.UntilAsync(() => deployster.Fleet.Names.Any(unit => unit.DeployId.Version.Value == "v2"));
        await LookAsync(deployster);
        looked.SetResult();
        var second = await deploying;
        var ended = await deployster.EndAsync(second);

        ended.Status.Should().Be(DeployStatus.Succeeded);
        var told = deployster.EventsOf(second);
        told.Select(happened => happened.Id).Should().Equal(Enumerable.Range(1, told.Count).Select(id => (long)id));
        told[0].Happened.Kind.Should().Be(RolloutEventKind.Requested);
        deployster.History.EventsOf(second).Should().Equal(told);
    }

    [Test]
    public async Task Look_WhenTheFleetIsBeforeAnythingIsRegistered_ChangesNothingInIt()
    {
        await using var deployster = new TestDeployster();
        deployster.Fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        deployster.Fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));

        // Nobody carries rollouts on here.
        await deployster.Monitor.ReadAsync(default);

        deployster.Rollouts.All.Should().BeEmpty();
        deployster.Fleet.Done.Should().BeEmpty();
    }

    [Test]
    public async Task Look_AtAFailedRolloutAfterAHundredOtherDeploys_LeavesItEnded()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        var failed = await FailWhileItTakesOverAsync(deployster, first);
        deployster.Fleet.Heal("v2");
        for (var i = 0; i < 102; i++)
        {
            var other = await deployster.SendAsync(new DeployVersion { Service = $"other{i}", Version = "v1" });
            await deployster.EndAsync(other.Record.DeployId);
        }

        deployster.Rollouts.Find(failed).Should().BeNull("only so many are kept");
        await LookAsync(deployster);
        await deployster.TickAsync(15);

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v2", null));
        details.Record.Status.Should().Be(DeployStatus.Failed);
        deployster.Rollouts.UnderWay.Should().BeEmpty();
        deployster.Fleet.Names.Should().Contain(first.Unit(2), "nothing better may be there");
    }

    [Test]
    public async Task Look_AtARolloutThatEndedByTheHistory_NeverTakesItUp()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old));
        fleet.Put(s_new.Unit(1), Sample.Intention(s_new, null, s_old));
        history.Put(Sample.Record(s_new, DeployStatus.Failed, null, s_old));
        await using var deployster = await TestDeployster.StartAsync(fleet, history);

        await LookAsync(deployster);
        history.IsAway = true;
        await LookAsync(deployster);

        deployster.Rollouts.All.Should().BeEmpty();
        fleet.Done.Should().BeEmpty();
        history.IsAway = false;
        var deploy = () => deployster.DeployAsync("v3");
        await deploy.Should().NotThrowAsync<ConflictException>();
    }

    private static async Task LookAsync(TestDeployster deployster)
    {
        await deployster.SendAsync(new ListServices());
        await deployster.SendAsync(new ListUnits("railsapp"));
        await deployster.SendAsync(new GetDeploy("railsapp", "v2", null));
    }

    // Its unit falls ill after the first of the old set has gone, while the second cannot be destroyed.
    private static async Task<DeployId> FailWhileItTakesOverAsync(TestDeployster deployster, DeployId first)
    {
        DeployId? second = null;
        deployster.Fleet.BeforeDestroy = unit =>
        {
            deployster.Fleet.SetPhase(second!.Unit(1), Domain.Units.Phase.Failed);
            return unit == first.Unit(2) ? throw new FleetUnavailableException("docker", "busy") : Task.CompletedTask;
        };
        second = await deployster.DeployAsync(
            "v2", destroyPrevious: true, Spec.Of("""{"instance_count":1,"deadline":5}"""));
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Failed);
        deployster.Fleet.BeforeDestroy = _ => Task.CompletedTask;
        return second;
    }
}
