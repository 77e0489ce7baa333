using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>Rollouts that the fleet refuses only when it is told to launch them.</summary>
internal sealed class RefusalTests
{
    [Test]
    public async Task Refusal_OfADeployThatReplacesOthers_RollsItBackAtOnce()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");

        var second = await DeployRefusedAsync(deployster);
        await deployster.TickAsync(2);

        var record = deployster.RecordOf(second);
        record.Status.Should().Be(DeployStatus.RolledBack);
        record.Message.Should().Be("The fleet refuses it: deploy.version: has no image.");
        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1)]);
        deployster.Fleet[first.Unit(1)].IsWanted.Should().BeTrue();
    }

    [Test]
    public async Task Refusal_OfTheFirstDeploy_EndsItAsFailedAtOnce()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var deploy = await DeployRefusedAsync(deployster);
        await deployster.TickAsync(2);

        deployster.RecordOf(deploy).Status.Should().Be(DeployStatus.Failed);
        deployster.History[deploy]!.Status.Should().Be(DeployStatus.Failed);
        deployster.EventsOf(deploy)[^1].Happened.Message.Should().Contain("has no image");
    }

    private static async Task<DeployId> DeployRefusedAsync(TestDeployster deployster)
    {
        // It is found out after the deploy was taken.
        deployster.History.AfterSave = _ => deployster.Fleet.Refusal = new SpecRefusedException("deploy.version", "has no image.");
        return await deployster.DeployAsync("v2", destroyPrevious: true);
    }
}
