using System.Net;
using Deployster.Testing;
using Docker.DotNet.Models;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>An engine of its own, and Deployster with its gateway, in a network of their own.</summary>
internal sealed class EngineScene : IChaosScene
{
    private const string ServiceLabel = "deployster.service";
    private const string ExitingImage = "chaos-exits";
    private const string IllImage = "chaos-ill";
    private const string GoodImage = "chaos-good";

    private readonly PrivateNetwork _network;
    private readonly PrivateEngine _engine;
    private readonly EngineRestartFault _restart;

    private EngineScene(PrivateNetwork network, PrivateEngine engine, ClockFault clock, DeploysterProcess deployster, IPEndPoint gateway)
    {
        (_network, _engine, Deployster) = (network, engine, deployster);
        _restart = new EngineRestartFault(engine);
        Traffic = GatewayTraffic.Start(gateway, Services);
        var historyLock = new HistoryLockFault(deployster.Data!);
        var kill = new KillFault(deployster, historyLock);
        Faults = [kill, kill, clock, _restart, historyLock];
    }

    public DeploysterProcess Deployster { get; }

    public IReadOnlyList<string> Services { get; } = ["chaos-a", "chaos-b"];

    public IReadOnlyList<IFault> Faults { get; }

    public bool RunsTasks => true;

    public int RestartCount => _restart.Count;

    public GatewayTraffic Traffic { get; }

    public static async Task<EngineScene> StartAsync()
    {
        var network = await PrivateNetwork.CreateAsync();
        var clock = new ClockFault();
        PrivateEngine? engine = null;
        try
        {
            engine = await PrivateEngine.StartAsync(
                network,
                (SampleImage.Good, GoodImage),
                (SampleImage.ExitsAtOnce, ExitingImage),
                (SampleImage.UnhealthyPath, IllImage));
            var gateway = new IPEndPoint(network.Address, FreePort.Find());
            var deployster = await DeploysterProcess.StartAsync(
                ["-fleet=docker", $"-docker={engine.Endpoint}", $"-gateway-listen={gateway}", "-drain-timeout=2"],
                "/readyz",
                place: DeploysterPlace.ForSeconds.In(network).With(clock.Environment));
            return new EngineScene(network, engine, clock, deployster, gateway);
        }
        catch
        {
            await (engine?.DisposeAsync() ?? ValueTask.CompletedTask);
            await network.DisposeAsync();
            clock.Dispose();
            throw;
        }
    }

    public Task ProvideAsync(ChaosDeploy deploy)
    {
        var image = deploy.Kind switch
        {
            VersionKind.Exits => ExitingImage,
            VersionKind.NeverHealthy => IllImage,
            _ => GoodImage,
        };
        return _engine.Client.Images.TagImageAsync(
            image, new ImageTagParameters { RepositoryName = deploy.Service, Tag = deploy.Version });
    }

    public async Task<IReadOnlyList<FleetUnit>> UnitsAsync() =>
    [
        .. from container in await _engine.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true })
           let name = container.Names.FirstOrDefault() ?? container.ID
           orderby name
           select new FleetUnit(container.Labels.TryGetValue(ServiceLabel, out var service) ? service : "", name, container.State == "running"),
    ];

    public async ValueTask DisposeAsync()
    {
        await Traffic.DisposeAsync();
        await Deployster.DisposeAsync();
        await _engine.DisposeAsync();
        await _network.DisposeAsync();
        foreach (var fault in Faults.OfType<IDisposable>())
        {
            fault.Dispose();
        }
    }
}
