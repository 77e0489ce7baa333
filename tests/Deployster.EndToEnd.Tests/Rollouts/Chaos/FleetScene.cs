using System.Net.Http.Json;
using System.Text.Json;
using Deployster.FleetStandIn;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>A Fleet of its own, and Deployster.</summary>
internal sealed class FleetScene : IChaosScene
{
    private readonly FleetServer _fleet;
    private readonly HttpClient _client;

    private FleetScene(FleetServer fleet, ClockFault clock, DeploysterProcess deployster)
    {
        (_fleet, Deployster) = (fleet, deployster);
        _client = fleet.CreateClient();
        var historyLock = new HistoryLockFault(deployster.Data!);
        var kill = new KillFault(deployster, historyLock);
        var trouble = new FleetTroubleFault(fleet);
        Faults = [kill, kill, clock, trouble, trouble, historyLock];
    }

    public DeploysterProcess Deployster { get; }

    public IReadOnlyList<string> Services { get; } = ["chaos-a", "chaos-b", "chaos-c"];

    public IReadOnlyList<IFault> Faults { get; }

    public bool RunsTasks => false;

    public int RestartCount => 0;

    public GatewayTraffic? Traffic => null;

    public static async Task<FleetScene> StartAsync()
    {
        var clock = new ClockFault();
        var fleet = await FleetServer.StartAsync(new FleetServerOptions
        {
            // A rollout takes about as long as the faults are apart.
            Behavior = unit => VersionBehaviors.Choose(unit, UnitBehavior.Healthy with { StartPost = TimeSpan.FromMilliseconds(700) }),
        });
        try
        {
            var deployster = await DeploysterProcess.StartAsync(
                [$"-fleet={fleet.Address}"], "/readyz", place: DeploysterPlace.ForSeconds.With(clock.Environment));
            return new FleetScene(fleet, clock, deployster);
        }
        catch
        {
            await fleet.DisposeAsync();
            clock.Dispose();
            throw;
        }
    }

    /// <summary>The units behave as the version's name says.</summary>
    public Task ProvideAsync(ChaosDeploy deploy) => Task.CompletedTask;

    public async Task<IReadOnlyList<FleetUnit>> UnitsAsync()
    {
        var page = await _client.GetFromJsonAsync<JsonElement>("/fleet/v1/units");
        return page.TryGetProperty("units", out var units)
            ? [.. from unit in units.EnumerateArray()
                  let name = unit.GetProperty("name").GetString()!
                  orderby name
                  select new FleetUnit(name.Split(':')[0], name, unit.GetProperty("currentState").GetString() == "launched")]
            : [];
    }

    public async ValueTask DisposeAsync()
    {
        await Deployster.DisposeAsync();
        _client.Dispose();
        await _fleet.DisposeAsync();
        foreach (var fault in Faults.OfType<IDisposable>())
        {
            fault.Dispose();
        }
    }
}
