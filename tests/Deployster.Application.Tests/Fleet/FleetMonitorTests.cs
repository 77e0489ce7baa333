using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using NSubstitute;

namespace Deployster.Application.Tests.Fleet;

/// <summary>Readings are shared, and each began after those who take it asked.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FleetMonitorTests : IAsyncDisposable
{
    private static readonly UnitName s_unit = Sample.DeployId("v1").Unit(1);

    private readonly MonitorKit _kit = new();

    public ValueTask DisposeAsync() => _kit.DisposeAsync();

    [Test]
    public async Task Read_GivesTheUnitsInTheOrderOfTheirNames()
    {
        foreach (var instance in new[] { 11, 2, 1 })
        {
            _kit.Fleet.Put(s_unit.DeployId.Unit(instance), null);
        }

        var reading = await _kit.Monitor.ReadAsync(default);

        reading.Units.Select(unit => unit.Name.Instance).Should().Equal(1, 2, 11);
        _kit.Monitor.Latest.Should().BeSameAs(reading);
    }

    [Test]
    public async Task Read_OneAfterTheOther_GivesGrowingVersions()
    {
        var versions = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            versions.Add((await _kit.Monitor.ReadAsync(default)).Version);
        }

        versions.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Test]
    public async Task Read_WhenTheFleetKnowsThatNothingHasChanged_IsNewAndTellsNobody()
    {
        var fleet = Substitute.For<IFleetClient>();
        fleet.Traits.Returns(new FleetTraits("fleet") { ChecksHealth = true });
        fleet.ReadAsync(default).ReturnsForAnyArgs([]);
        using var monitor = _kit.MonitorOf(fleet);
        var first = await monitor.ReadAsync(default);
        var newer = monitor.WaitForNewerAsync(first.Version, default);
        _kit.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = await monitor.ReadAsync(default);

        second.BeganAt.Should().Be(first.BeganAt + TimeSpan.FromSeconds(1));
        second.Should().BeSameAs(monitor.Latest).And.Be(first with { BeganAt = second.BeganAt });
        newer.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task Read_WhileTheFleetIsBeingRead_GivesOneThatBeganAfterTheCall()
    {
        var gate = Hold();
        var early = _kit.Monitor.ReadAsync(default);
        await gate.Entered;
        _kit.Fleet.Put(s_unit, null);

        var late = _kit.Monitor.ReadAsync(default);
        gate.Open();

        (await early).Units.Should().BeEmpty();
        (await late).Units.Should().HaveCount(1);
    }

    [Test]
    public async Task Read_ByManyWhileTheFleetIsBeingRead_LetsThemShareTheNext()
    {
        var gate = Hold();
        var first = _kit.Monitor.ReadAsync(default);
        await gate.Entered;

        var others = Enumerable.Range(0, 20).Select(_ => _kit.Monitor.ReadAsync(default)).ToList();
        gate.Open();

        var shared = (await Task.WhenAll(others)).Distinct().Should().ContainSingle().Which;
        shared.Version.Should().BeGreaterThan((await first).Version);
        _kit.Fleet.Reads.Should().Be(2);
    }

    [Test]
    public async Task Read_ByMany_NeverReadsTwiceAtOnce()
    {
        var (now, most) = (0, 0);
        _kit.Fleet.BeforeRead = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
        };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await _kit.Monitor.ReadAsync(default);
            }
        })));

        most.Should().Be(1);
    }

    [Test]
    public async Task Read_WhenTheFleetIsAway_FailsForAllThatShareItAndReadsAnewForTheNext()
    {
        var gate = Hold();
        var first = _kit.Monitor.ReadAsync(default);
        await gate.Entered;
        _kit.Fleet.IsAway = true;
        var shared = new[] { _kit.Monitor.ReadAsync(default), _kit.Monitor.ReadAsync(default) };
        gate.Open();

        await first;
        foreach (var reading in shared)
        {
            await reading.Awaiting(task => task).Should().ThrowAsync<FleetUnavailableException>();
        }

        _kit.Fleet.IsAway = false;
        (await _kit.Monitor.ReadAsync(default)).Version.Should().BeGreaterThan((await first).Version);
    }

    [Test]
    public async Task Read_WhoseCallerGoesAway_IsStillReadForTheOthers()
    {
        using var gone = new CancellationTokenSource();
        var gate = Hold();
        var first = _kit.Monitor.ReadAsync(gone.Token);
        await gate.Entered;

        await gone.CancelAsync();
        gate.Open();

        await first.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await WaitFor.TrueAsync(() => _kit.Monitor.Latest is not null, "it is published");
    }

    [Test]
    public async Task WaitForNewer_EndsWithTheNextReading()
    {
        var first = await _kit.Monitor.ReadAsync(default);
        var waiting = _kit.Monitor.WaitForNewerAsync(first.Version, default);
        waiting.IsCompleted.Should().BeFalse();

        await _kit.Monitor.ReadAsync(default);

        await waiting.WaitAsync(WaitFor.Limit);
    }

    // Holds up the first reading, after it has seen the units.
    private Gate Hold()
    {
        var gate = new Gate();
        _kit.Fleet.BeforeRead = gate.PassAsync;
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
