using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using NSubstitute;

namespace Deployster.Application.Tests.Fleet;

/// <summary>When the monitor reads the fleet, and what it publishes, unasked.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FleetMonitorRunTests : IAsyncDisposable
{
    private static readonly UnitName s_unit = Sample.DeployId("v1").Unit(1);

    private readonly MonitorKit _kit = new();

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    [Test]
    public async Task Run_OfAFleetThatTellsNoChanges_ReadsNothingUnasked()
    {
        _kit.Fleet.Put(s_unit, null, Phase.Starting);
        await _kit.Monitor.StartAsync(default);

        _kit.Fleet.SetPhase(s_unit, Phase.Healthy);
        _kit.Clock.Advance(TimeSpan.FromHours(1));

        _kit.Fleet.Reads.Should().Be(0);
    }

    [TestCase(Phase.Healthy, Wanted.Running, 30)]
    [TestCase(Phase.Stopped, Wanted.Stopped, 30)]
    [TestCase(Phase.Starting, Wanted.Running, 1)]
    [TestCase(Phase.Running, Wanted.Running, 1)]
    [TestCase(Phase.Stopping, Wanted.Gone, 1)]
    public async Task Run_OfAFleetThatTellsChanges_ReadsSeldomWhileItIsSettled(Phase phase, Wanted wanted, int seconds)
    {
        _kit.Fleet.Traits = _kit.Fleet.Traits with { TellsChanges = true };
        _kit.Fleet.Put(s_unit, null, phase, wanted);
        await _kit.Monitor.StartAsync(default);
        (await _kit.Clock.NextWaitAsync(0)).Should().Be(TimeSpan.FromSeconds(seconds));

        _kit.Clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        _kit.Fleet.Reads.Should().Be(1);
        _kit.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await WaitFor.TrueAsync(() => _kit.Fleet.Reads == 2, "it reads again");
    }

    [Test]
    public async Task Run_WhenTheFleetTellsOfAChange_ReadsAtOnce()
    {
        _kit.Fleet.Traits = _kit.Fleet.Traits with { TellsChanges = true };
        await _kit.Monitor.StartAsync(default);
        await _kit.Clock.NextWaitAsync(0);

        _kit.Fleet.Put(s_unit, null);

        await WaitFor.TrueAsync(() => _kit.Monitor.Latest?.Units.Length == 1, "it sees the unit");
    }

    [Test]
    public async Task Run_WhileTheFleetIsAway_TriesAgainEachSecond()
    {
        _kit.Fleet.Traits = _kit.Fleet.Traits with { TellsChanges = true };
        _kit.Fleet.IsAway = true;
        await _kit.Monitor.StartAsync(default);
        (await _kit.Clock.NextWaitAsync(0)).Should().Be(TimeSpan.FromSeconds(1));

        _kit.Fleet.IsAway = false;
        _kit.Clock.Advance(TimeSpan.FromSeconds(1));

        await WaitFor.TrueAsync(() => _kit.Monitor.Latest is not null, "it reads the fleet");
    }

    [Test]
    public async Task Run_WhenAReadingFailsAsNobodyForesaw_BeginsAgain()
    {
        _kit.Fleet.Traits = _kit.Fleet.Traits with { TellsChanges = true };
        _kit.Fleet.BeforeRead = () => throw new InvalidOperationException("a bug");
        await _kit.Monitor.StartAsync(default);
        (await _kit.Clock.NextWaitAsync(0)).Should().Be(ResilientService.FirstPause);

        _kit.Fleet.BeforeRead = () => Task.CompletedTask;
        _kit.Clock.Advance(ResilientService.FirstPause);

        await WaitFor.TrueAsync(() => _kit.Monitor.Latest is not null, "it reads the fleet");
    }

    [Test]
    public async Task Run_WhenAProbeHasFoundAChangeBefore_PublishesIt()
    {
        using var monitor = _kit.MonitorOf(ProbedFleet());
        _kit.Probe.Complaint = _ => "connection refused";
        await monitor.ReadAsync(default);
        _kit.Probe.Complaint = _ => null;
        var changed = _kit.Health.Changed;
        await WaitFor.TrueAsync(
            () =>
            {
                _kit.Clock.Advance(TimeSpan.FromSeconds(1));
                return changed.IsCompleted;
            },
            "the probe finds it");

        await monitor.StartAsync(default);

        await WaitFor.TrueAsync(() => monitor.Latest!.Units.Single().IsHealthy, "it is published");
        await monitor.StopAsync(default);
    }

    [Test]
    public async Task Run_WhenAProbeFindsAChange_PublishesItWithoutReading()
    {
        var fleet = ProbedFleet();
        using var monitor = _kit.MonitorOf(fleet);
        _kit.Probe.Complaint = _ => "connection refused";
        await monitor.StartAsync(default);
        var before = await monitor.ReadAsync(default);
        before.Units.Single().Detail.Should().Be("connection refused");

        _kit.Probe.Complaint = _ => null;
        await WaitFor.TrueAsync(
            () =>
            {
                _kit.Clock.Advance(TimeSpan.FromSeconds(1));
                return monitor.Latest!.Units.Single().IsHealthy;
            },
            "it is published");

        monitor.Latest!.Version.Should().BeGreaterThan(before.Version);
        await fleet.ReceivedWithAnyArgs(1).ReadAsync(default);
        await monitor.StopAsync(default);
    }

    // One that does not check health itself, with a unit that can be probed.
    private static IFleetClient ProbedFleet()
    {
        var fleet = Substitute.For<IFleetClient>();
        fleet.Traits.Returns(new FleetTraits("docker"));
        fleet.ReadAsync(default).ReturnsForAnyArgs([new Unit(s_unit, Wanted.Running, Phase.Running) { Endpoint = "127.0.0.1:4001" }]);
        return fleet;
    }
}
