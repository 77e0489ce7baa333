using System.Diagnostics;
using Deployster.Domain.Specs;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class DestroyTests
{
    [Test]
    public async Task Destroy_WhenAUnitRuns_LeavesNothing()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");
        var clock = Stopwatch.StartNew();

        await fleet.Client.DestroyUnitAsync(unit, default);

        (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().BeEmpty();
        (await fleet.FindUnitAsync(unit)).Should().BeNull();
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8), "it ends when it is told to");
    }

    [Test]
    public async Task Destroy_WhenSeveralDoItAtOnce_SucceedsForAll()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fleet.Client.DestroyUnitAsync(unit, default)));

        (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhenTheUnitIsGone_Succeeds()
    {
        await using var fleet = new DockerFleet();

        await fleet.Client.DestroyUnitAsync(fleet.Unit("x").Name, default);
    }

    [Test]
    public async Task Destroy_WhenAUnitDoesNotListen_WaitsOutItsGrace()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.IgnoresSigterm);
        await fleet.WaitForStateAsync(unit, "active/running");
        var clock = Stopwatch.StartNew();

        await fleet.Client.DestroyUnitAsync(unit, default);

        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(9));
        (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhenAUnitIsInACrashLoop_LeavesNothing()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.ExitsAtOnce);
        await fleet.WaitForStateAsync(unit, "activating/auto-restart");

        await fleet.Client.DestroyUnitAsync(unit, default);

        (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhileTheContainerIsBeingMade_LeavesNothing()
    {
        await using var fleet = new DockerFleet();
        await SampleImages.GetAsync(SampleImage.Good);

        for (var wait = 0; wait < 500; wait += 50)
        {
            var unit = await fleet.LaunchAsync(SampleImage.Good);
            await Task.Delay(wait);
            await fleet.Client.DestroyUnitAsync(unit, default);

            (await fleet.FindStateAsync(unit)).Should().BeNull($"after {wait} ms");
            (await fleet.Engine.ContainersOfAsync(fleet.Service)).Should().BeEmpty($"after {wait} ms");
        }
    }

    [Test]
    public async Task Destroy_WhenAUnitCouldNotBeMade_ForgetsIt()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit("127.0.0.1:1/nothing:v1");
        await fleet.Client.LaunchUnitAsync(definition, default);
        await fleet.WaitForStateAsync(definition.Name, "failed/failed");

        await fleet.Client.DestroyUnitAsync(definition.Name, default);

        (await fleet.FindUnitAsync(definition.Name)).Should().BeNull();
    }

    [Test]
    public async Task Destroy_WhenThereAreVolumes_KeepsThoseWithNames()
    {
        await using var fleet = new DockerFleet();
        var volume = $"{fleet.Service}-data";
        var unit = await fleet.LaunchAsync(
            SampleImage.Good, DeploySpec.Default with { Volumes = [new Volume(volume, "/data", ReadOnly: false)] });
        await fleet.WaitForStateAsync(unit, "active/running");

        await fleet.Client.DestroyUnitAsync(unit, default);

        (await fleet.Engine.Client.Volumes.InspectAsync(volume)).Name.Should().Be(volume);
        await fleet.Engine.Client.Volumes.RemoveAsync(volume);
    }
}
