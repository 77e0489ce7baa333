using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker;
using Deployster.Testing;
using Docker.DotNet.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>The tests' engine as a fleet, with a service of a test's own.</summary>
internal sealed class DockerFleet : IAsyncDisposable
{
    private readonly DockerOptions _options;
    private ServiceProvider _services;

    public DockerFleet(DockerOptions? options = null)
    {
        _options = options ?? new DockerOptions(new Uri(TestEngine.Endpoint));
        Service = Engine.NewService();
        _services = Connect(_options);
    }

    public TestEngine Engine { get; } = new();

    public string Service { get; }

    public IFleetClient Client => _services.GetRequiredService<IFleetClient>();

    public static ServiceProvider Connect(DockerOptions options) =>
        new ServiceCollection().AddLogging().AddDockerFleet(options).BuildServiceProvider(validateScopes: true);

    /// <summary>A unit of the service.</summary>
    public UnitDefinition Unit(string image, DeploySpec? spec = null, int instance = 1, string version = "v1") => new(
        new UnitName(
            new DeployId(ServiceName.Parse(Service), VersionTag.Parse(version), DeployTimestamp.Parse("2015.03.02-00.31.45")), instance),
        new Intention
        {
            Image = image,
            RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
            DestroyPrevious = true,
            Replaces = [new ReplacedDeploy(VersionTag.Parse("v0"), DeployTimestamp.Parse("2015.03.01-00.31.45"), 2)],
            Spec = spec ?? DeploySpec.Default,
        });

    /// <summary>Launches a unit of a sample image.</summary>
    public async Task<UnitName> LaunchAsync(SampleImage image, DeploySpec? spec = null, int instance = 1)
    {
        var unit = Unit(await SampleImages.GetAsync(image), spec, instance);
        await Client.LaunchUnitAsync(unit, default);
        return unit.Name;
    }

    /// <summary>Launches a unit that runs a shell script, with its settings.</summary>
    public Task<UnitName> LaunchScriptAsync(string script, DeploySpec? spec = null) =>
        LaunchAsync(SampleImage.Good, (spec ?? DeploySpec.Default) with { Command = ["/bin/sh", "-c", script] });

    public async Task<FleetUnit?> FindUnitAsync(UnitName unit) =>
        (await Client.ListUnitsAsync(default)).SingleOrDefault(listed => listed.Name == unit);

    public async Task<UnitState?> FindStateAsync(UnitName unit) =>
        (await Client.ListUnitStatesAsync(default)).SingleOrDefault(state => state.Name == unit);

    public Task<UnitState> WaitForStateAsync(UnitName unit, string words) =>
        WaitForStateAsync(unit, state => state.Words == words, words);

    public async Task<UnitState> WaitForStateAsync(UnitName unit, Func<UnitState, bool> condition, string what) =>
        (await WaitFor.ValueAsync(() => FindStateAsync(unit), state => state is not null && condition(state), $"{unit} is {what}"))!;

    /// <summary>The container of the service's only unit.</summary>
    public Task<ContainerInspectResponse> InspectAsync() => Engine.InspectOnlyAsync(Service);

    /// <summary>As though Deployster had been killed and started again.</summary>
    public void Restart()
    {
        _services.Dispose();
        _services = Connect(_options);
    }

    public async ValueTask DisposeAsync()
    {
        // What it still makes in the background must not come after the engine's tidying up.
        foreach (var unit in await Client.ListUnitsAsync(default))
        {
            if (unit.Name.Deploy.Service.Value == Service)
            {
                await Client.SetTargetStateAsync(unit.Name, TargetState.Inactive, default);
            }
        }

        await _services.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
