using System.Diagnostics;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class ReadingTests
{
    [Test]
    public async Task Read_WhenNothingHasChanged_InspectsNothing()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        await scene.LaunchAsync(SampleImage.Good);
        await scene.WaitForAsync(Phase.Running);
        var id = (await scene.InspectAsync()).ID;
        await WaitFor.TrueAsync(async () => await CountInspectsAsync() == 0, "the engine's events are listened to");

        (await CountInspectsAsync()).Should().Be(0);

        await scene.Engine.Client.Containers.PauseContainerAsync(id);
        await scene.WaitForAsync(unit => unit.Detail == "paused", "paused");

        async Task<int> CountInspectsAsync()
        {
            proxy.Requests.Clear();
            await scene.ReadAsync();
            return proxy.Requests.Count(request => request.Contains($"/containers/{id}/json", StringComparison.Ordinal));
        }
    }

    [Test]
    public async Task Read_WhenOneInspectIsSlow_TellsWhatTheListDoes()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri) { InspectLimit = TimeSpan.FromSeconds(1) });
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(2, 2, intention);
        var before = await scene.WaitForRunningAsync(2);
        var slow = before[0].Run!.Split(' ')[0];
        await scene.RestartAsync();
        proxy.Delay = request => request.Contains($"{slow}/json", StringComparison.Ordinal) ? TimeSpan.FromSeconds(20) : TimeSpan.Zero;
        var clock = Stopwatch.StartNew();

        var units = await scene.ReadAsync();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        units.Should().HaveCount(2);
        units[0].Detail.Should().StartWith("the engine does not tell more of it");
        (units[0].Phase, units[0].Endpoint, units[0].Intention).Should().Be((Phase.Running, before[0].Endpoint, before[0].Intention));
        units[1].Should().Be(before[1]);
    }
}
