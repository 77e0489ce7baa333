using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace Deployster.Application.Tests.Fleet;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FleetMonitorTests : IAsyncDisposable
{
    private static readonly UnitName s_unit = Sample.Deploy("v1").Unit(1);

    private readonly TimerClock _clock = new();
    private readonly InMemoryFleet _fleet = new();
    private readonly FakeProbe _probe = new();
    private readonly HealthMonitor _health;
    private readonly FleetMonitor _monitor;

    public FleetMonitorTests()
    {
        _health = new HealthMonitor(_probe, _clock);
        _monitor = MonitorOf(_fleet);
    }

    public async ValueTask DisposeAsync()
    {
        await _monitor.StopAsync(default);
        _monitor.Dispose();
        _health.Dispose();
    }

    [Test]
    public async Task Read_GivesTheUnitsInTheOrderOfTheirNames()
    {
        foreach (var instance in new[] { 11, 2, 1 })
        {
            _fleet.Put(s_unit.DeployId.Unit(instance), null);
        }

        var reading = await _monitor.ReadAsync(default);

        reading.Units.Select(unit => unit.Name.Instance).Should().Equal(1, 2, 11);
        _monitor.Latest.Should().BeSameAs(reading);
    }

    [Test]
    public async Task Read_OneAfterTheOther_GivesGrowingVersions()
    {
        var versions = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            versions.Add((await _monitor.ReadAsync(default)).Version);
        }

        versions.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Test]
    public async Task Read_WhileTheFleetIsBeingRead_GivesOneThatBeganAfterTheCall()
    {
        var gate = Hold();
        var early = _monitor.ReadAsync(default);
        await gate.Entered;
        _fleet.Put(s_unit, null);

        var late = _monitor.ReadAsync(default);
        gate.Open();

        (await early).Units.Should().BeEmpty();
        (await late).Units.Should().HaveCount(1);
    }

    [Test]
    public async Task Read_ByManyWhileTheFleetIsBeingRead_LetsThemShareTheNext()
    {
        var gate = Hold();
        var first = _monitor.ReadAsync(default);
        await gate.Entered;

        var others = Enumerable.Range(0, 20).Select(_ => _monitor.ReadAsync(default)).ToList();
        gate.Open();

        var shared = (await Task.WhenAll(others)).Distinct().Should().ContainSingle().Which;
        shared.Version.Should().BeGreaterThan((await first).Version);
        _fleet.Reads.Should().Be(2);
    }

    [Test]
    public async Task Read_ByMany_NeverReadsTwiceAtOnce()
    {
        var (now, most) = (0, 0);
        _fleet.BeforeRead = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
        };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await _monitor.ReadAsync(default);
            }
        })));

        most.Should().Be(1);
    }

    [Test]
    public async Task Read_WhenTheFleetIsAway_FailsForAllThatShareItAndReadsAnewForTheNext()
    {
        var gate = Hold();
        var first = _monitor.ReadAsync(default);
        await gate.Entered;
        _fleet.IsAway = true;
        var shared = new[] { _monitor.ReadAsync(default), _monitor.ReadAsync(default) };
        gate.Open();

        await first;
        foreach (var reading in shared)
        {
            await reading.Awaiting(task => task).Should().ThrowAsync<FleetUnavailableException>();
        }

        _fleet.IsAway = false;
        (await _monitor.ReadAsync(default)).Version.Should().BeGreaterThan((await first).Version);
    }

    [Test]
    public async Task Read_WhoseCallerGoesAway_IsStillReadForTheOthers()
    {
        using var gone = new CancellationTokenSource();
        var gate = Hold();
        var first = _monitor.ReadAsync(gone.Token);
        await gate.Entered;

        await gone.CancelAsync();
        gate.Open();

        await first.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await WaitFor.TrueAsync(() => _monitor.Latest is not null, "it is published");
    }

    [Test]
    public async Task Run_OfAFleetThatTellsNoChanges_ReadsNothingUnasked()
    {
        _fleet.Put(s_unit, null, Phase.Starting);
        await _monitor.StartAsync(default);

        _fleet.SetPhase(s_unit, Phase.Healthy);
        _clock.Advance(TimeSpan.FromHours(1));

        _fleet.Reads.Should().Be(0);
    }

    [TestCase(Phase.Healthy, Wanted.Running, 30)]
    [TestCase(Phase.Stopped, Wanted.Stopped, 30)]
    [TestCase(Phase.Starting, Wanted.Running, 1)]
    [TestCase(Phase.Running, Wanted.Running, 1)]
    [TestCase(Phase.Stopping, Wanted.Gone, 1)]
    public async Task Run_OfAFleetThatTellsChanges_ReadsSeldomWhileItIsSettled(Phase phase, Wanted wanted, int seconds)
    {
        _fleet.Traits = _fleet.Traits with { TellsChanges = true };
        _fleet.Put(s_unit, null, phase, wanted);
        await _monitor.StartAsync(default);
        (await _clock.NextWaitAsync(0)).Should().Be(TimeSpan.FromSeconds(seconds));

        _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        _fleet.Reads.Should().Be(1);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        await WaitFor.TrueAsync(() => _fleet.Reads == 2, "it reads again");
    }

    [Test]
    public async Task Run_WhenTheFleetTellsOfAChange_ReadsAtOnce()
    {
        _fleet.Traits = _fleet.Traits with { TellsChanges = true };
        await _monitor.StartAsync(default);
        await _clock.NextWaitAsync(0);

        _fleet.Put(s_unit, null);

        await WaitFor.TrueAsync(() => _monitor.Latest?.Units.Length == 1, "it sees the unit");
    }

    [Test]
    public async Task Run_WhileTheFleetIsAway_TriesAgainEachSecond()
    {
        _fleet.Traits = _fleet.Traits with { TellsChanges = true };
        _fleet.IsAway = true;
        await _monitor.StartAsync(default);
        (await _clock.NextWaitAsync(0)).Should().Be(TimeSpan.FromSeconds(1));

        _fleet.IsAway = false;
        _clock.Advance(TimeSpan.FromSeconds(1));

        await WaitFor.TrueAsync(() => _monitor.Latest is not null, "it reads the fleet");
    }

    [Test]
    public async Task Run_WhenAReadingFailsAsNobodyForesaw_BeginsAgain()
    {
        _fleet.Traits = _fleet.Traits with { TellsChanges = true };
        _fleet.BeforeRead = () => throw new InvalidOperationException("a bug");
        await _monitor.StartAsync(default);
        (await _clock.NextWaitAsync(0)).Should().Be(ResilientService.FirstPause);

        _fleet.BeforeRead = () => Task.CompletedTask;
        _clock.Advance(ResilientService.FirstPause);

        await WaitFor.TrueAsync(() => _monitor.Latest is not null, "it reads the fleet");
    }

    [Test]
    public async Task Run_WhenAProbeHasFoundAChangeBefore_PublishesIt()
    {
        using var monitor = MonitorOf(ProbedFleet());
        _probe.Complaint = _ => "connection refused";
        await monitor.ReadAsync(default);
        _probe.Complaint = _ => null;
        var changed = _health.Changed;
        await WaitFor.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
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
        using var monitor = MonitorOf(fleet);
        _probe.Complaint = _ => "connection refused";
        await monitor.StartAsync(default);
        var before = await monitor.ReadAsync(default);
        before.Units.Single().Detail.Should().Be("connection refused");

        _probe.Complaint = _ => null;
        await WaitFor.TrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return monitor.Latest!.Units.Single().IsHealthy;
            },
            "it is published");

        monitor.Latest!.Version.Should().BeGreaterThan(before.Version);
        await fleet.ReceivedWithAnyArgs(1).ReadAsync(default);
        await monitor.StopAsync(default);
    }

    [Test]
    public async Task WaitForNewer_EndsWithTheNextReading()
    {
        var first = await _monitor.ReadAsync(default);
        var waiting = _monitor.WaitForNewerAsync(first.Version, default);
        waiting.IsCompleted.Should().BeFalse();

        await _monitor.ReadAsync(default);

        await waiting.WaitAsync(WaitFor.Limit);
    }

    private FleetMonitor MonitorOf(IFleetClient fleet) => new(fleet, _health, _clock, NullLogger<FleetMonitor>.Instance);

    // One that does not check health itself, with a unit that can be probed.
    private static IFleetClient ProbedFleet()
    {
        var fleet = Substitute.For<IFleetClient>();
        fleet.Traits.Returns(new FleetTraits("docker"));
        fleet.ReadAsync(default).ReturnsForAnyArgs([new Unit(s_unit, Wanted.Running, Phase.Running) { Endpoint = "127.0.0.1:4001" }]);
        return fleet;
    }

    // Holds up the first reading, after it has seen the units.
    private Gate Hold()
    {
        var gate = new Gate();
        _fleet.BeforeRead = gate.PassAsync;
        return gate;
    }

    private sealed class Gate
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task.WaitAsync(WaitFor.Limit);

        public void Open() => _open.SetResult();

        public Task PassAsync()
        {
            _entered.TrySetResult();
            return _open.Task;
        }
    }
}
