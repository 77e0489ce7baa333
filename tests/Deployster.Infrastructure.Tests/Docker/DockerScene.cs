using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>The tests' engine as a fleet, with a deploy of a test's own.</summary>
internal sealed class DockerScene : IAsyncDisposable
{
    private readonly DockerOptions _options;
    private ServiceProvider _services;

    public DockerScene(DockerOptions? options = null)
    {
        _options = options ?? new DockerOptions(new Uri(TestEngine.Endpoint));
        Service = Engine.NewService();
        DeployId = new DeployId(ServiceName.Parse(Service), VersionTag.Parse("v1"), DeployTimestamp.Parse("2015.03.02-00.31.45"));
        _services = Connect(_options);
    }

    public TestEngine Engine { get; } = new();

    public string Service { get; }

    public DeployId DeployId { get; }

    public IFleetClient Port => _services.GetRequiredService<IFleetClient>();

    public static ServiceProvider Connect(DockerOptions options) =>
        new ServiceCollection().AddLogging().AddDockerFleet(options).BuildServiceProvider(validateScopes: true);

    /// <summary>The name of a unit of the deploy.</summary>
    public UnitName Unit(int instance = 1) => new(DeployId, instance);

    /// <summary>An intention for the deploy.</summary>
    public static Intention IntentionOf(string image, DeploySpec? spec = null) => new()
    {
        Image = image,
        RequestedAt = new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero),
        DestroyPrevious = true,
        Replaces = [new ReplacedDeploy(VersionTag.Parse("v0"), DeployTimestamp.Parse("2015.03.01-00.31.45"), 2)],
        Spec = spec ?? DeploySpec.Default,
    };

    /// <summary>An intention that runs a sample image.</summary>
    public static async Task<Intention> IntentionOfAsync(SampleImage image, DeploySpec? spec = null) =>
        IntentionOf(await SampleImages.GetAsync(image), spec);

    /// <summary>Applies the deploy's two numbers to what is there.</summary>
    public async Task ApplyAsync(int units, int running, Intention? intention) =>
        await Port.ApplyAsync(new DeployTarget(DeployId, units, running) { Intention = intention, Seen = [.. await ReadAsync()] }, default);

    /// <summary>Launches the only unit, of a sample image.</summary>
    public async Task<UnitName> LaunchAsync(SampleImage image, DeploySpec? spec = null)
    {
        await ApplyAsync(1, 1, await IntentionOfAsync(image, spec));
        return Unit();
    }

    /// <summary>Launches the only unit: it runs a shell script, with its settings.</summary>
    public Task<UnitName> LaunchScriptAsync(string script, DeploySpec? spec = null) =>
        LaunchAsync(SampleImage.Good, (spec ?? DeploySpec.Default) with { Command = ["/bin/sh", "-c", script] });

    /// <summary>The deploy's units.</summary>
    public async Task<IReadOnlyList<Unit>> ReadAsync() =>
        [.. (await Port.ReadAsync(default)).Where(unit => unit.Name.DeployId == DeployId).OrderBy(unit => unit.Name.Instance)];

    /// <summary>The only unit; null where there is none.</summary>
    public async Task<Unit?> FindAsync() => (await ReadAsync()).SingleOrDefault();

    public Task<Unit> WaitForAsync(Phase phase) => WaitForAsync(unit => unit.Phase == phase, phase.ToString());

    public async Task<Unit> WaitForAsync(Func<Unit, bool> condition, string what) =>
        (await WaitFor.ValueAsync(FindAsync, unit => unit is not null && condition(unit), $"the unit is {what}"))!;

    public Task<IReadOnlyList<Unit>> WaitForRunningAsync(int count) => WaitFor.ValueAsync(
        ReadAsync, units => units.Count == count && units.All(unit => unit.Phase == Phase.Running), $"{count} units run");

    /// <summary>Has so many units run. As the reconciler does, it asks again while they do not.</summary>
    public Task<IReadOnlyList<Unit>> RunAsync(int count, Intention intention) => WaitFor.ValueAsync(
        async () =>
        {
            await ApplyAsync(count, count, intention);
            return await ReadAsync();
        },
        units => units.Count == count && units.All(unit => unit.Phase == Phase.Running),
        $"{count} units run");

    /// <summary>Marks a unit to go and destroys it.</summary>
    public async Task DestroyAsync(UnitName unit)
    {
        await Port.MarkGoneAsync([unit], default);
        await Port.DestroyAsync([unit], default);
    }

    /// <summary>The container of the service's only unit.</summary>
    public Task<ContainerInspectResponse> InspectAsync() => Engine.InspectOnlyAsync(Service);

    /// <summary>As though Deployster had been killed and started again.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Connect(_options);
    }

    public async ValueTask DisposeAsync()
    {
        // What it still makes in the background must not come after the engine's tidying up.
        var units = Enumerable.Range(1, 9).Select(Unit).ToList();
        try
        {
            await Port.MarkGoneAsync(units, default);
        }
        catch (FleetUnavailableException)
        {
            // The test has taken it away.
        }

        await _services.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
