using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Deploys;

internal sealed class DestroyVersionTests
{
    [Test]
    public async Task Destroy_OfAVersionWhoseRolloutHasEnded_DestroysItsUnits()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        var second = await deployster.RunAsync("v2", Spec.Of("""{"instance_count":1}"""));

        await deployster.SendAsync(Request("v1"));

        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    [Test]
    public async Task Destroy_WithoutATimestamp_DestroysAllDeploysOfTheVersion()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        await deployster.RunAsync("v1");

        await deployster.SendAsync(Request("v1"));

        deployster.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WithATimestamp_LeavesTheOtherDeploysOfTheVersion()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        var again = await deployster.RunAsync("v1");

        await deployster.SendAsync(Request("v1", first.Timestamp.ToString()));

        deployster.Fleet.Names.Should().BeEquivalentTo([again.Unit(1)]);
    }

    [Test]
    public async Task Destroy_OfAVersionWithoutUnits_IsNotFound()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var destroy = () => deployster.SendAsync(Request("v1"));

        (await destroy.Should().ThrowAsync<NotFoundException>()).Which.Message.Should().Contain("railsapp:v1");
    }

    [Test]
    public async Task Destroy_TwiceInARow_IsNotFoundTheSecondTime()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        await deployster.SendAsync(Request("v1"));

        var again = () => deployster.SendAsync(Request("v1"));

        await again.Should().ThrowAsync<NotFoundException>();
    }

    [Test]
    public async Task Destroy_WhenTheFleetIsAway_SaysSo()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.Fleet.IsAway = true;

        var destroy = () => deployster.SendAsync(Request("v1"));

        await destroy.Should().ThrowAsync<FleetUnavailableException>();
    }

    [Test]
    public async Task Destroy_OfADeployUnderWay_CancelsItAndKeepsWhatItWasToReplace()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        await EndAsync(deployster, deployster.SendAsync(Request("v2")));

        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1)]);
        deployster.RecordOf(second).Status.Should().Be(DeployStatus.Cancelled);
        deployster.RecordOf(second).Message.Should().Be("It was cancelled by ada.");
        deployster.EventsOf(second).Select(happened => happened.Happened.Kind)
            .Should().Contain(RolloutEventKind.Cancelling).And.EndWith(RolloutEventKind.Cancelled);
    }

    [Test]
    public async Task Destroy_OfADeployUnderWay_IsAnsweredOnceItIsWrittenDown()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");
        deployster.History.IsAway = true;

        var destroying = deployster.SendAsync(Request("v1"));
        await EndRolloutsAsync(deployster, destroying);
        destroying.IsCompleted.Should().BeFalse("a kill would make it forgotten");
        deployster.History.IsAway = false;
        await TickUntilAsync(deployster, destroying);

        deployster.History[deploy]!.Status.Should().Be(DeployStatus.Cancelled);
    }

    [Test]
    public async Task Destroy_WhenTheHistoryStaysAway_IsAnsweredWithoutIt()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        await deployster.DeployAsync("v1");
        deployster.History.IsAway = true;

        var destroying = deployster.SendAsync(Request("v1"));
        await EndRolloutsAsync(deployster, destroying);
        await TickUntilAsync(deployster, destroying);

        deployster.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_OfADeployUnderWay_MarksItInTheFleetBeforeItDestroysAnything()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1", spec: Spec.Of("""{"instance_count":2}"""));

        await EndAsync(deployster, deployster.SendAsync(Request("v1")));

        var done = deployster.Fleet.Done.Where(done => done.What is not ("launch" or "start")).ToList();
        done.Should().BeEquivalentTo(
        [
            ("mark gone", deploy.Unit(1)), ("mark gone", deploy.Unit(2)), ("destroy", deploy.Unit(1)), ("destroy", deploy.Unit(2)),
        ]);
        done.Take(2).Should().OnlyContain(done => done.What == "mark gone");
    }

    [Test]
    public async Task Destroy_WhoseClientHangsUpWhileAUnitIsDestroyed_IsCarriedThrough()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        using var client = new CancellationTokenSource();
        var hungUp = new TaskCompletionSource();
        deployster.Fleet.BeforeDestroy = async _ =>
        {
            await client.CancelAsync();
            await hungUp.Task;
        };

        var destroy = () => deployster.SendAsync(Request("v1"), client.Token);

        await destroy.Should().ThrowAsync<OperationCanceledException>();
        hungUp.SetResult();
        await TestDeployster.UntilAsync(() => !deployster.Fleet.Names.Any());
    }

    [Test]
    public async Task Destroy_WhileTheLaunchIsInFlight_LeavesNoUnitBehind()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var launched = new TaskCompletionSource();
        deployster.Fleet.BeforeLaunch = _ => launched.Task;
        var deploying = deployster.DeployAsync("v1");
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay.Count == 1);

        var destroying = deployster.SendAsync(Request("v1"));
        await deployster.TickAsync(3);
        deployster.Rollouts.UnderWay.Should().HaveCount(1, "a unit may still come");
        launched.SetResult();
        await EndAsync(deployster, destroying);

        deployster.Fleet.Names.Should().BeEmpty();
        deployster.RecordOf(await deploying).Status.Should().Be(DeployStatus.Cancelled);
    }

    [Test]
    public async Task Destroy_WhenALaunchEndsWhileTheFleetIsRead_LeavesNoUnitBehind()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var launched = new TaskCompletionSource();
        deployster.Fleet.BeforeLaunch = _ => launched.Task;
        var deploying = deployster.DeployAsync("v1");
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay.Count == 1);
        await deployster.RestAsync();
        var destroying = deployster.SendAsync(Request("v1"));
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay[0].Memory.GivingUp is not null);

        // The list is from before the launch, and comes back after it.
        deployster.Fleet.BeforeRead = async () =>
        {
            launched.TrySetResult();
            await deploying;
        };
        await EndAsync(deployster, destroying);

        deployster.Fleet.Names.Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_OfADeployThatHasBegunToSucceed_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        deployster.Fleet.BeforeDestroy = _ => throw new FleetUnavailableException("unix:///run/fleet.sock", "timed out");
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        await deployster.TickAsync();

        var destroy = () => deployster.SendAsync(Request("v2"));

        (await destroy.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(second);
    }

    [Test]
    public async Task Destroy_OfADeployThatNobodyWatchesAndThatHasBegunToSucceed_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var (old, @new) = (Sample.DeployId("v1", 1), Sample.DeployId("v2", 2));
        deployster.Fleet.Put(old.Unit(1), Sample.Intention(old), wanted: Wanted.Gone);
        deployster.Fleet.Put(@new.Unit(1), Sample.Intention(@new, null, old), Phase.Preparing);

        var destroy = () => deployster.SendAsync(Request("v2"));

        await destroy.Should().ThrowAsync<ConflictException>();
    }

    [Test]
    public async Task Destroy_OfWhatARolloutUnderWayReplaces_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        var destroy = () => deployster.SendAsync(Request("v1"));

        (await destroy.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(second);
        deployster.Fleet.Names.Should().Contain(first.Unit(1));
    }

    [Test]
    public async Task Destroy_BesideARolloutUnderWayThatReplacesNothing_DestroysTheUnits()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2");

        await deployster.SendAsync(Request("v1"));

        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]);
    }

    private static DestroyVersion Request(string version, string? timestamp = null) =>
        new("railsapp", version, timestamp, new Requester("ada", null));

    // Who cancels waits for the end, which comes as the clock goes on.
    private static async Task EndAsync(TestDeployster deployster, Task destroying)
    {
        await EndRolloutsAsync(deployster, destroying);
        await destroying;
    }

    private static async Task EndRolloutsAsync(TestDeployster deployster, Task destroying)
    {
        await TestDeployster.UntilAsync(() => destroying.IsCompleted || deployster.Rollouts.UnderWay.Any(deploy => deploy.Memory.GivingUp is not null));
        foreach (var deploy in deployster.Rollouts.UnderWay)
        {
            await deployster.EndAsync(deploy.Record.DeployId);
        }
    }

    private static async Task TickUntilAsync(TestDeployster deployster, Task destroying)
    {
        for (var i = 0; !destroying.IsCompleted; i++)
        {
            i.Should().BeLessThan(1000, "it is answered");
            await deployster.TickAsync();
        }

        await destroying;
    }
}
