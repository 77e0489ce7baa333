using System.Diagnostics;
using System.Net;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>The network that units are in, and their addresses there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class NetworkTests
{
    [Test]
    public async Task Apply_WhenTheNetworkIsMissing_MakesIt()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);

        await scene.LaunchAsync(SampleImage.Good);

        var unit = await scene.WaitForAsync(Phase.Running);
        var subnet = IPNetwork.Parse((await scene.Engine.Client.Networks.InspectNetworkAsync(network.Name)).IPAM!.Config![0].Subnet!);
        subnet.Contains(IPEndPoint.Parse(unit.Endpoint!).Address).Should().BeTrue();
        using var http = new HttpClient();
        await WaitFor.TrueAsync(async () => await AnswersAsync(http, unit.Endpoint!), "it answers at its own address");
    }

    [Test]
    public async Task Address_WhenUnitsComeAndGo_IsTheirOwnAndComesInTurn()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(2, 2, intention);
        var before = (await scene.WaitForRunningAsync(2)).Select(unit => unit.Endpoint).ToList();
        before.Should().OnlyHaveUniqueItems();
        var ids = await scene.Engine.ContainersOfAsync(scene.Service);
        await Task.WhenAll(ids.Select(id => scene.Engine.Client.Containers.StopContainerAsync(id, new ContainerStopParameters())));
        foreach (var id in ids.Reverse())
        {
            await scene.Engine.Client.Containers.StartContainerAsync(id, new ContainerStartParameters());
        }

        (await scene.WaitForRunningAsync(2)).Select(unit => unit.Endpoint).Should().Equal(before, "in whatever order they start");
        await scene.DestroyAsync(scene.Unit());
        await scene.RestartAsync();
        await scene.ApplyAsync(2, 2, intention);

        before.Should().NotContain((await scene.WaitForRunningAsync(2))[0].Endpoint, "an address that was given up comes last");
    }

    [Test]
    public async Task Address_WhenSomebodyElseHasItBeforeTheUnit_IsAnother()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        var (intention, first) = await RunAndStopAsync(scene);
        var image = await SampleImages.GetAsync(SampleImage.Good);
        await scene.Engine.RunAsync(new CreateContainerParameters
        {
            Image = image,
            HostConfig = new HostConfig { NetworkMode = network.Name },
            NetworkingConfig = new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [network.Name] = new() { IPAMConfig = new EndpointIPAMConfig { IPv4Address = first.ToString() } },
                },
            },
        });

        await WaitFor.TrueAsync(
            async () =>
            {
                await scene.ApplyAsync(1, 1, intention);
                return (await scene.FindAsync()) is { Phase: Phase.Running };
            },
            "it runs");

        IPEndPoint.Parse((await scene.FindAsync())!.Endpoint!).Address.Should().NotBe(first);
    }

    [Test]
    public async Task Apply_WhenTheNetworkIsGone_MakesAnotherAndRunsTheUnitThere()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        var (intention, _) = await RunAndStopAsync(scene);
        await scene.Engine.Client.Networks.DeleteNetworkAsync(network.Name);

        await scene.ApplyAsync(1, 1, intention);

        await scene.WaitForAsync(Phase.Running);
    }

    [Test]
    public async Task Apply_WhenTheNetworkHasOtherAddressesNow_RunsTheUnitAtOneOfThem()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        var (intention, _) = await RunAndStopAsync(scene);
        await scene.Engine.Client.Networks.DeleteNetworkAsync(network.Name);
        await scene.Engine.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters
        {
            Name = network.Name,
            IPAM = new IPAM { Config = [new IPAMConfig { Subnet = "10.213.77.0/24" }] },
        });

        await scene.ApplyAsync(1, 1, intention);

        IPEndPoint.Parse((await scene.WaitForAsync(Phase.Running)).Endpoint!).Address.ToString().Should().StartWith("10.213.77.");
    }

    [Test]
    public async Task Apply_WhenTheNetworkWasMadeWithoutASubnet_SaysWhatTheEngineSays()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        await scene.Engine.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = network.Name });

        await scene.LaunchAsync(SampleImage.Good);

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Contain("user configured subnets");
    }

    [Test]
    public async Task Services_WhenInOneNetwork_FindEachOtherByName()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options);
        await scene.LaunchAsync(SampleImage.Good);
        var unit = await scene.WaitForAsync(Phase.Running);

        using var lookup = Process.Start(new ProcessStartInfo(
            "docker",
            [
                "run", "--rm", "--network", network.Name, "--entrypoint", "/bin/busybox", await SampleImages.GetAsync(SampleImage.Good),
                "nslookup", unit.Name.DeployId.Service.Value,
            ])
        {
            RedirectStandardOutput = true,
        })!;
        var found = await lookup.StandardOutput.ReadToEndAsync();

        found.Should().Contain(IPEndPoint.Parse(unit.Endpoint!).Address.ToString());
    }

    [Test]
    public async Task Port_WhenPublishingIsAskedFor_IsWhereTheUnitAnswers()
    {
        await using var network = new OwnNetwork();
        await using var scene = new DockerScene(network.Options with { Publish = IPAddress.Loopback });

        await scene.LaunchAsync(SampleImage.Good, DeploySpec.Default);

        (await scene.WaitForAsync(Phase.Running)).Endpoint.Should().StartWith("127.0.0.1:");
    }

    // A unit that has run, and the address that it had.
    private static async Task<(Intention Intention, IPAddress Address)> RunAndStopAsync(DockerScene scene)
    {
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(1, 1, intention);
        var unit = await scene.WaitForAsync(Phase.Running);
        await scene.Engine.Client.Containers.StopContainerAsync((await scene.InspectAsync()).ID, new ContainerStopParameters());
        return (intention, IPEndPoint.Parse(unit.Endpoint!).Address);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string endpoint)
    {
        try
        {
            return (await http.GetAsync($"http://{endpoint}/")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A network that is gone after the test.</summary>
    private sealed class OwnNetwork : IAsyncDisposable
    {
        public string Name { get; } = $"deployster-test-{Guid.NewGuid().ToString("N")[..8]}";

        public DockerOptions Options => new(new Uri(TestEngine.Endpoint)) { Network = Name };

        // Declared before the scene, and so removed after its units.
        public async ValueTask DisposeAsync()
        {
            await using var engine = new TestEngine();
            await engine.Client.Networks.DeleteNetworkAsync(Name);
        }
    }
}
