using System.Net;
using System.Net.Sockets;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class PortTests
{
    [Test]
    public async Task Endpoint_WhenUnitsStopAndStartInAnotherOrder_StaysTheirOwn()
    {
        await using var scene = new DockerScene();
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(2, 2, intention);
        var before = await scene.WaitForRunningAsync(2);
        foreach (var id in await scene.Engine.ContainersOfAsync(scene.Service))
        {
            await scene.Engine.Client.Containers.StopContainerAsync(id, new());
        }

        foreach (var id in (await scene.Engine.ContainersOfAsync(scene.Service)).Reverse())
        {
            await scene.Engine.Client.Containers.StartContainerAsync(id, new());
        }

        (await scene.WaitForRunningAsync(2)).Select(unit => unit.Endpoint).Should().Equal(before.Select(unit => unit.Endpoint));
    }

    [Test]
    public async Task Endpoint_WhenPortsAreTaken_IsTheNextThatIsFreeAndComesInTurn()
    {
        var first = FreePort.Find();
        using var listener = new TcpListener(IPAddress.Loopback, first);
        listener.Start();
        await using var scene = new DockerScene(
            new DockerOptions(new Uri(TestEngine.Endpoint)) { Publish = IPAddress.Loopback, PublishPorts = new PortRange(first, first + 40) });
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(2, 2, intention);
        var ports = (await scene.WaitForRunningAsync(2)).Select(PortOf).ToList();
        await scene.DestroyAsync(scene.Unit());

        await scene.ApplyAsync(2, 2, intention);

        ports.Should().NotContain(first);
        var anew = PortOf((await scene.WaitForRunningAsync(2))[0]);
        anew.Should().BeGreaterThan(ports.Max(), "a port that was given up comes last");
        await scene.RestartAsync();
        await scene.ApplyAsync(3, 3, intention);
        PortOf((await scene.WaitForRunningAsync(3))[2]).Should().BeGreaterThan(anew, "another Deployster goes on in turn");
    }

    [Test]
    public async Task Apply_WhenNoPortIsFree_WaitsForOne()
    {
        var port = FreePort.Find();
        await using var scene = new DockerScene(
            new DockerOptions(new Uri(TestEngine.Endpoint)) { Publish = IPAddress.Loopback, PublishPorts = new PortRange(port, port) });
        using (var listener = new TcpListener(IPAddress.Loopback, port))
        {
            listener.Start();
            await scene.LaunchAsync(SampleImage.Good);
            await scene.WaitForAsync(unit => unit is { Phase: Phase.Preparing, Detail: { } detail } && detail.Contains("free", StringComparison.Ordinal), "in want of a port");
        }

        await WaitFor.TrueAsync(
            async () =>
            {
                await scene.ApplyAsync(1, 1, null);
                return (await scene.FindAsync())!.Phase == Phase.Running;
            },
            "it runs");
        PortOf((await scene.FindAsync())!).Should().Be(port);
    }

    private static int PortOf(Unit unit) => IPEndPoint.Parse(unit.Endpoint!).Port;
}
