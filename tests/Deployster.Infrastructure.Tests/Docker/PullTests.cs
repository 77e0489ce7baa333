using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Deployster.Infrastructure.Docker;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.Children)]
public sealed class PullTests
{
    private static readonly AuthConfig s_login = new() { Username = LocalRegistry.UserName, Password = LocalRegistry.Password };

    private LocalRegistry _open = null!;
    private LocalRegistry _private = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _open = await LocalRegistry.StartAsync();
        _private = await LocalRegistry.StartAsync(isPrivate: true);
    }

    [OneTimeTearDown]
    public async Task TearDownAsync()
    {
        await _open.DisposeAsync();
        await _private.DisposeAsync();
    }

    [Test]
    public async Task Launch_WhenTheImageIsMissing_PullsItOnceForAll()
    {
        await using var fleet = new DockerFleet();
        var image = await PublishAsync(fleet, _open);

        var units = Enumerable.Range(1, 3).Select(instance => fleet.Unit(image, instance: instance)).ToList();
        await Task.WhenAll(units.Select(unit => fleet.Client.LaunchUnitAsync(unit, default)));

        foreach (var unit in units)
        {
            await fleet.WaitForStateAsync(unit.Name, "active/running");
        }
    }

    [Test]
    public async Task Launch_WhenTheRegistryDoesNotHaveTheImage_FailsWithTheEnginesMessage()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit($"{_open.Address}/team/{fleet.Service}:v1");

        await fleet.Client.LaunchUnitAsync(definition, default);

        (await fleet.WaitForStateAsync(definition.Name, "failed/failed")).Detail
            .Should().Be($"manifest for {definition.Intention.Image} not found: manifest unknown: manifest unknown");
    }

    [Test]
    public async Task Launch_WhenTheRegistryDoesNotAnswer_FailsWithTheEnginesMessage()
    {
        await using var fleet = new DockerFleet();
        var definition = fleet.Unit($"127.0.0.1:{FreePort.Find()}/nothing:v1");

        await fleet.Client.LaunchUnitAsync(definition, default);

        (await fleet.WaitForStateAsync(definition.Name, "failed/failed")).Detail.Should().Contain("connection refused");
    }

    [Test]
    public async Task Destroy_WhenARegistryLeavesThePullHanging_StopsIt()
    {
        await using var fleet = new DockerFleet();
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        var definition = fleet.Unit($"{registry.LocalEndpoint}/nothing:v1");
        await fleet.Client.LaunchUnitAsync(definition, default);
        using var pull = await registry.AcceptTcpClientAsync();
        var state = await fleet.FindStateAsync(definition.Name);

        await fleet.Client.DestroyUnitAsync(definition.Name, default).WaitAsync(TimeSpan.FromSeconds(5));

        state!.Words.Should().Be("activating/start-pre");
        (await fleet.FindUnitAsync(definition.Name)).Should().BeNull();
        (await pull.GetStream().ReadAsync(new byte[4096]).AsTask().WaitAsync(WaitFor.Limit)).Should().BePositive();
    }

    [Test]
    public async Task Launch_WhenNobodyHasLoggedIn_FailsWithTheRegistrysRefusal()
    {
        await using var fleet = new DockerFleet(OptionsWith("""{"auths":{}}"""));
        var definition = fleet.Unit(await PublishAsync(fleet, _private, s_login));

        await fleet.Client.LaunchUnitAsync(definition, default);

        (await fleet.WaitForStateAsync(definition.Name, "failed/failed")).Detail.Should().Contain("no basic auth credentials");
    }

    [Test]
    public async Task Launch_WhenThePasswordIsWrong_FailsWithTheRegistrysRefusal()
    {
        await using var fleet = new DockerFleet(OptionsWith(Login(_private, "wrong")));
        var definition = fleet.Unit(await PublishAsync(fleet, _private, s_login));

        await fleet.Client.LaunchUnitAsync(definition, default);

        (await fleet.WaitForStateAsync(definition.Name, "failed/failed")).Detail.Should().Contain("unauthorized");
    }

    [Test]
    public async Task Launch_WhenDockerLoginHasStoredCredentials_UsesThem()
    {
        await using var fleet = new DockerFleet(OptionsWith(Login(_private, LocalRegistry.Password)));
        var definition = fleet.Unit(await PublishAsync(fleet, _private, s_login));

        await fleet.Client.LaunchUnitAsync(definition, default);

        await fleet.WaitForStateAsync(definition.Name, "active/running");
    }

    [Test]
    public async Task Launch_WhenSomebodyLogsInMeanwhile_TheNextPullSucceeds()
    {
        var options = OptionsWith("{}");
        await using var fleet = new DockerFleet(options);
        var definition = fleet.Unit(await PublishAsync(fleet, _private, s_login));
        await fleet.Client.LaunchUnitAsync(definition, default);
        await fleet.WaitForStateAsync(definition.Name, "failed/failed");
        await fleet.Client.DestroyUnitAsync(definition.Name, default);

        await File.WriteAllTextAsync(Path.Combine(options.ConfigFolder, "config.json"), Login(_private, LocalRegistry.Password));
        await fleet.Client.LaunchUnitAsync(definition, default);

        await fleet.WaitForStateAsync(definition.Name, "active/running");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Launch_WhenTheTagHasMoved_RunsTheNewImageOnlyIfItAlwaysPulls(bool pullAlways)
    {
        await using var fleet = new DockerFleet(new DockerOptions(new Uri(TestEngine.Endpoint)) { PullAlways = pullAlways });
        var image = await PublishAsync(fleet, _open);
        await fleet.Engine.BuildAsync(SampleImage.Good, fleet.Service, "old", $"{_open.Address}/team");
        var old = await fleet.Engine.Client.Images.InspectImageAsync($"{_open.Address}/team/{fleet.Service}:old");
        await fleet.Engine.Client.Images.TagImageAsync(old.ID, new() { RepositoryName = $"{_open.Address}/team/{fleet.Service}", Tag = "v1" });
        var definition = fleet.Unit(image);

        await fleet.Client.LaunchUnitAsync(definition, default);

        await fleet.WaitForStateAsync(definition.Name, "active/running");
        ((await fleet.InspectAsync()).Image == old.ID).Should().Be(!pullAlways);
    }

    // The image is in the registry only, as on a machine that has never run it.
    private static async Task<string> PublishAsync(DockerFleet fleet, LocalRegistry registry, AuthConfig? login = null)
    {
        var image = await fleet.Engine.BuildAsync(SampleImage.Good, fleet.Service, "v1", $"{registry.Address}/team");
        await fleet.Engine.PushAsync(image, login);
        await fleet.Engine.RemoveImageAsync(image);
        return image;
    }

    private static string Login(LocalRegistry registry, string password) => JsonSerializer.Serialize(new
    {
        auths = new Dictionary<string, object>
        {
            [registry.Address] = new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LocalRegistry.UserName}:{password}")) },
        },
    });

    private static DockerOptions OptionsWith(string config)
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "docker-config", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        return new DockerOptions(new Uri(TestEngine.Endpoint)) { ConfigFolder = folder };
    }
}
