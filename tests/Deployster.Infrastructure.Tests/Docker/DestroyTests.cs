using System.Diagnostics;
using Deployster.Application.Fleet;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class DestroyTests
{
    [Test]
    public async Task Destroy_WhenAUnitDoesNotListenAndTheCallerHangsUp_GoesOnToTheEnd()
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchAsync(SampleImage.IgnoresSigterm);
        await scene.WaitForAsync(Phase.Running);
        await scene.Port.MarkGoneAsync([unit], default);
        using var caller = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var destroying = scene.Port.DestroyAsync([unit], caller.Token);
        await scene.WaitForAsync(Phase.Stopping);
        await caller.CancelAsync();

        await destroying.Invoking(it => it).Should().ThrowAsync<OperationCanceledException>();
        await WaitFor.TrueAsync(async () => (await scene.Engine.ContainersOfAsync(scene.Service)).Count == 0, "it is removed");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(9));
    }

    [Test]
    public async Task Destroy_WhenAUnitIsInACrashLoop_LeavesNothing()
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchAsync(SampleImage.ExitsAtOnce);
        await scene.WaitForAsync(Phase.Restarting);

        await scene.DestroyAsync(unit);

        (await scene.Engine.ContainersOfAsync(scene.Service)).Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhileTheContainerIsBeingMade_LeavesNothing()
    {
        await using var scene = new DockerScene();
        await SampleImages.GetAsync(SampleImage.Good);

        for (var wait = 0; wait < 500; wait += 100)
        {
            var unit = await scene.LaunchAsync(SampleImage.Good);
            await Task.Delay(wait);
            await scene.DestroyAsync(unit);

            (await scene.FindAsync()).Should().BeNull($"after {wait} ms");
            (await scene.Engine.ContainersOfAsync(scene.Service)).Should().BeEmpty($"after {wait} ms");
        }
    }

    [Test]
    public async Task MarkGone_WhenAUnitCouldNotBeMade_ForgetsIt()
    {
        await using var scene = new DockerScene();
        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default with { Cpus = 4000 });
        await scene.WaitForAsync(Phase.Failed);

        await scene.Port.MarkGoneAsync([scene.Unit()], default);

        (await scene.FindAsync()).Should().BeNull();
    }

    [TestCase(RestartPolicyKind.No)]
    [TestCase(RestartPolicyKind.OnFailure)]
    public async Task Read_WhenSomebodyHasChangedTheRestartPolicy_DoesNotTakeItForTheMark(RestartPolicyKind kind)
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchAsync(SampleImage.Good);
        await scene.WaitForAsync(Phase.Running);

        await scene.Engine.Client.Containers.UpdateContainerAsync(
            (await scene.InspectAsync()).ID, new ContainerUpdateParameters { RestartPolicy = new RestartPolicy { Name = kind } });

        (await scene.FindAsync())!.Wanted.Should().Be(Wanted.Running);
        await scene.Port.DestroyAsync([unit], default);
        (await scene.FindAsync())!.Phase.Should().Be(Phase.Running, "only marked units are destroyed");
    }

    [Test]
    public async Task MarkGone_WhenAUnitIsInACrashLoop_EndsIt()
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchAsync(SampleImage.ExitsAtOnce);
        await scene.WaitForAsync(Phase.Restarting);

        await scene.Port.MarkGoneAsync([unit], default);

        var ended = await scene.WaitForAsync(Phase.Failed);
        (ended.Wanted, ended.Detail).Should().Be((Wanted.Gone, "exit code 3"));
    }

    [Test]
    public async Task Destroy_WhenThereAreVolumes_KeepsThoseWithNames()
    {
        await using var scene = new DockerScene();
        var volume = $"{scene.Service}-data";
        var unit = await scene.LaunchAsync(
            SampleImage.Good, DeploySpec.Default with { Volumes = [new Domain.Specs.Volume(volume, "/data")] });
        await scene.WaitForAsync(Phase.Running);

        await scene.DestroyAsync(unit);

        (await scene.Engine.Client.Volumes.InspectAsync(volume)).Name.Should().Be(volume);
        await scene.Engine.Client.Volumes.RemoveAsync(volume);
    }

    [Test]
    public async Task Destroy_WhenTheEngineCannotRemoveIt_SaysWhyInItsWords()
    {
        const string Words = "driver failed to remove root filesystem: device or resource busy";
        await using var proxy = new EngineProxy
        {
            Answer = request => request.StartsWith("DELETE ", StringComparison.Ordinal) ? (500, $$"""{"message":"{{Words}}"}""") : null,
        };
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var unit = await scene.LaunchAsync(SampleImage.Good);
        await scene.WaitForAsync(Phase.Running);

        await scene.Invoking(it => it.DestroyAsync(unit)).Should().ThrowAsync<FleetUnavailableException>().WithMessage($"*{Words}");

        proxy.Answer = _ => null;
        await scene.Port.DestroyAsync([unit], default);
        (await scene.Engine.ContainersOfAsync(scene.Service)).Should().BeEmpty();
    }
}
