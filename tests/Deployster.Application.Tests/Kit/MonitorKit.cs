using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deployster.Application.Tests.Kit;

/// <summary>A monitor over a fleet, probes and a clock that a test holds in its hands.</summary>
internal sealed class MonitorKit : IAsyncDisposable
{
    public MonitorKit()
    {
        Health = new HealthMonitor(Probe, Clock);
        Monitor = MonitorOf(Fleet);
    }

    public TimerClock Clock { get; } = new();

    public InMemoryFleet Fleet { get; } = new();

    public FakeProbe Probe { get; } = new();

    public HealthMonitor Health { get; }

    public FleetMonitor Monitor { get; }

    /// <summary>A monitor of another fleet.</summary>
    public FleetMonitor MonitorOf(IFleetClient fleet) => new(fleet, Health, Clock, NullLogger<FleetMonitor>.Instance);

    public async ValueTask DisposeAsync()
    {
        await Monitor.StopAsync(default);
        Monitor.Dispose();
        Health.Dispose();
    }
}
