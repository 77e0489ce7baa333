using Deployster.Domain.Units;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class TargetStateTests
{
    [Test]
    public async Task SetTargetState_WhenAUnitRuns_MarksItForWhoeverReadsTheFleet()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");

        await fleet.Client.SetTargetStateAsync(unit, TargetState.Inactive, default);
        fleet.Restart();

        (await fleet.FindUnitAsync(unit))!.TargetState.Should().Be(TargetState.Inactive);
        (await fleet.InspectAsync()).HostConfig!.RestartPolicy!.Name.Should().Be(RestartPolicyKind.No);
    }

    [Test]
    public async Task SetTargetState_WhenAnInactiveUnitHasEnded_StartsItAgain()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");
        await fleet.Client.SetTargetStateAsync(unit, TargetState.Inactive, default);
        await fleet.Engine.ExecuteAsync((await fleet.InspectAsync()).ID, "/bin/kill", "1");
        await fleet.WaitForStateAsync(unit, "inactive/dead");

        await fleet.Client.SetTargetStateAsync(unit, TargetState.Launched, default);

        await fleet.WaitForStateAsync(unit, "active/running");
        (await fleet.FindUnitAsync(unit))!.TargetState.Should().Be(TargetState.Launched);
    }

    [Test]
    public async Task SetTargetState_WhenAUnitIsInACrashLoop_EndsIt()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.ExitsAtOnce);
        await fleet.WaitForStateAsync(unit, "activating/auto-restart");

        await fleet.Client.SetTargetStateAsync(unit, TargetState.Inactive, default);

        (await fleet.WaitForStateAsync(unit, "failed/failed")).Detail.Should().Be("exit code 3");
    }

    [Test]
    public async Task SetTargetState_WhenAUnitIsBeingMade_StopsThatUntilItIsLaunchedAgain()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);

        await fleet.Client.SetTargetStateAsync(unit, TargetState.Inactive, default);
        var marked = await fleet.FindUnitAsync(unit);
        await fleet.Client.SetTargetStateAsync(unit, TargetState.Launched, default);

        marked!.TargetState.Should().Be(TargetState.Inactive);
        await fleet.WaitForStateAsync(unit, "active/running");
        (await fleet.FindUnitAsync(unit))!.TargetState.Should().Be(TargetState.Launched);
    }

    [Test]
    public async Task SetTargetState_WhenAUnitCouldNotBeMade_MarksIt()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit("127.0.0.1:1/nothing:v1");
        await fleet.Client.LaunchUnitAsync(definition, default);
        await fleet.WaitForStateAsync(definition.Name, "failed/failed");

        await fleet.Client.SetTargetStateAsync(definition.Name, TargetState.Inactive, default);

        (await fleet.FindUnitAsync(definition.Name))!.TargetState.Should().Be(TargetState.Inactive);
    }

    [Test]
    public async Task SetTargetState_WhenAUnitIsGone_DoesNothing()
    {
        await using var fleet = new DockerFleet();

        await fleet.Client.SetTargetStateAsync(fleet.Unit("x").Name, TargetState.Inactive, default);

        (await fleet.FindUnitAsync(fleet.Unit("x").Name)).Should().BeNull();
    }
}
