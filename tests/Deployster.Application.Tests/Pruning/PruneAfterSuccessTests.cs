using Deployster.Application.Pruning;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Pruning;

/// <summary>What is pruned by itself. Two images of each service are kept.</summary>
internal sealed class PruneAfterSuccessTests
{
    [Test]
    public async Task Success_OfADeploy_PrunesItsService()
    {
        await using var deployster = await StartAsync();
        var other = Sample.Record(Sample.DeployId("v1") with { Service = ServiceName.Parse("other") }, DeployStatus.Failed);
        deployster.History.Put(other with { Intention = other.Intention with { ImageId = "other" } });
        deployster.Images.Put("other", "mycompany/other:v1");

        await deployster.RunAsync("v3", destroyPrevious: true);

        await TestDeployster.UntilAsync(() => deployster.Images.Ids.Count == 4);
        deployster.Images.Ids.Should().Equal("2", "3", "4", "other");
        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/other:v1");
    }

    [Test]
    public async Task Success_WhileARemovalTakesItsTime_IsNotHeldUp()
    {
        await using var deployster = await StartAsync();
        var removal = new TaskCompletionSource();
        deployster.Images.BeforeRemove = _ => removal.Task;
        await deployster.RunAsync("v3", destroyPrevious: true);

        var next = await deployster.DeployAsync("v4", destroyPrevious: true);

        (await deployster.EndAsync(next)).Status.Should().Be(DeployStatus.Succeeded);
        removal.SetResult();
        await TestDeployster.UntilAsync(() => deployster.Images.Ids.Count == 2);
    }

    [Test]
    public async Task Success_WhileTheEngineIsAway_IsOneAndTheNextOnePrunes()
    {
        await using var deployster = await StartAsync();
        deployster.Images.IsAway = true;
        await deployster.RunAsync("v3", destroyPrevious: true);
        await TestDeployster.UntilAsync(() => deployster.Log.Lines.Any(line => line.Text.Contains("left until its next success")));

        deployster.Images.IsAway = false;
        await deployster.RunAsync("v4", destroyPrevious: true);

        await TestDeployster.UntilAsync(() => deployster.Images.Ids.Count == 2);
        deployster.Images.Ids.Should().Equal("3", "4");
    }

    [Test]
    public async Task Failure_OfADeploy_PrunesNothing()
    {
        await using var deployster = await StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Failed, "exit code 1");

        await deployster.RunAsync("v3", destroyPrevious: true);
        await deployster.PruneAfterSuccess.StopAsync(default);

        deployster.Images.Ids.Should().HaveCount(4);
    }

    /// <summary>One where v1 and v2 have succeeded, and whose machine has their images, v3's and v4's.</summary>
    private static async Task<TestDeployster> StartAsync()
    {
        var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", destroyPrevious: true);
        await deployster.RunAsync("v2", destroyPrevious: true);
        for (var number = 1; number <= 4; number++)
        {
            deployster.Images.Put($"{number}", $"mycompany/railsapp:v{number}");
        }

        await deployster.PruneAfterSuccess.StartAsync(default);
        return deployster;
    }
}
