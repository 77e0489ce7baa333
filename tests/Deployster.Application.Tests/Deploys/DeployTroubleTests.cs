using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Tests.Deploys;

/// <summary>Deploys whose fleet, history or client goes away.</summary>
internal sealed class DeployTroubleTests
{
    [Test]
    public async Task Deploy_WhenTheFleetIsAway_SaysSoAndWritesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.IsAway = true;

        var deploy = () => deployster.DeployAsync("v1");

        await deploy.Should().ThrowAsync<FleetUnavailableException>();
        deployster.History.Saves.Should().Be(0);
        deployster.Rollouts.All.Should().BeEmpty();
    }

    [Test]
    public async Task Deploy_WhenTheFleetGoesAwayAfterItWasTaken_IsCarriedOnLater()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.AfterSave = _ => deployster.Fleet.IsAway = true;

        var deploy = await deployster.DeployAsync("v1");
        deployster.History.AfterSave = _ => { };
        deployster.Fleet.IsAway = false;
        var ended = await deployster.EndAsync(deploy);

        ended.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Deploy_WhenTheHistoryIsAway_GoesOn()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.IsAway = true;

        var deploy = await deployster.DeployAsync("v1");

        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1)]);
    }

    [Test]
    public async Task Deploy_IsWrittenDownBeforeItsFirstUnitIsLaunched()
    {
        await using var deployster = await TestDeployster.StartAsync();
        DeployRecord? writtenBefore = null;
        deployster.Fleet.BeforeLaunch = unit =>
        {
            writtenBefore = deployster.History[unit.DeployId];
            return Task.CompletedTask;
        };

        var deploy = await deployster.DeployAsync("v1");

        writtenBefore.Should().NotBeNull();
        writtenBefore!.Status.Should().Be(DeployStatus.InProgress);
        deployster.History.EventsOf(deploy)[0].Happened.Kind.Should().Be(RolloutEventKind.Requested);
    }

    [Test]
    public async Task Deploy_WhoseClientHangsUpWhileItIsLaunched_IsCarriedThrough()
    {
        await using var deployster = await TestDeployster.StartAsync();
        using var gone = new CancellationTokenSource();
        deployster.Fleet.BeforeLaunch = _ => gone.CancelAsync();

        var deploy = () => deployster.SendAsync(Request("v1") with { Spec = Spec.Of("""{"instance_count":3}""") }, gone.Token);

        await deploy.Should().ThrowAsync<OperationCanceledException>();
        await TestDeployster.UntilAsync(() => deployster.Rollouts.All.Count == 1);
        var ended = await deployster.EndAsync(deployster.Rollouts.All[0].Record.DeployId);
        ended.Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().HaveCount(3);
    }

    [Test]
    public async Task Deploy_WhoseClientHangsUpWhileItIsWrittenDown_IsCarriedThrough()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        using var gone = new CancellationTokenSource();
        deployster.History.AfterSave = _ => gone.Cancel();

        var deploy = () => deployster.SendAsync(Request("v2") with { DestroyPrevious = true }, gone.Token);

        await deploy.Should().ThrowAsync<OperationCanceledException>();
        await TestDeployster.UntilAsync(() => deployster.Rollouts.UnderWay.Count == 1);
        var second = deployster.Rollouts.UnderWay[0].Record.DeployId;
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        deployster.History[second]!.Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1)]).And.NotContain(first.Unit(1));
    }

    private static DeployVersion Request(string version) => new() { Service = "railsapp", Version = version };
}
