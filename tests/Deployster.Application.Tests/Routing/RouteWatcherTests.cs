using System.Collections.Immutable;
using System.Threading.Channels;
using Deployster.Application.Fleet;
using Deployster.Application.Health;
using Deployster.Application.Maintenances;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Deployster.Application.Tests.Routing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RouteWatcherTests : IDisposable
{
    private static readonly UnitName s_unit = UnitName.Parse("hello:v1:2024.01.02-03.04.05@1.service");

    private readonly InMemoryFleet _fleet = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ITraffic _traffic = Substitute.For<ITraffic>();
    private readonly Channel<FleetReading> _shown = Channel.CreateUnbounded<FleetReading>();
    private readonly HealthMonitor _health;
    private readonly FleetMonitor _monitor;
    private readonly RouteWatcher _watcher;

    public RouteWatcherTests()
    {
        _traffic.When(traffic => traffic.Show(Arg.Any<FleetReading>())).Do(call => _shown.Writer.TryWrite(call.Arg<FleetReading>()));
        _health = new HealthMonitor(Substitute.For<IHealthProbe>(), _time);
        _monitor = new FleetMonitor(_fleet, _health, _time, NullLogger<FleetMonitor>.Instance);
        var store = Substitute.For<IMaintenanceStore>();
        store.Read().Returns(ImmutableDictionary<ServiceName, Maintenance>.Empty);
        var routes = new Routes(
            new HostNames("localhost"),
            new DrainOptions(TimeSpan.FromSeconds(30)),
            Substitute.For<IHostApplicationLifetime>(),
            _time,
            NullLogger<Routes>.Instance);
        _watcher = new RouteWatcher(_monitor, _traffic, new ClosedServices(routes, store), _time, NullLogger<RouteWatcher>.Instance);
    }

    [TearDown]
    public Task StopAsync() => _watcher.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _watcher.Dispose();
        _monitor.Dispose();
        _health.Dispose();
    }

    [Test]
    public async Task Watcher_WhenItStarts_ShowsTheLatestReading()
    {
        _fleet.Put(s_unit, null);
        await _monitor.ReadAsync(CancellationToken.None);

        await _watcher.StartAsync(CancellationToken.None);

        (await NextAsync()).Units.Single().Name.Should().Be(s_unit);
    }

    [Test]
    public async Task Watcher_WhenAReadingIsPublished_ShowsIt()
    {
        await _watcher.StartAsync(CancellationToken.None);
        await _monitor.ReadAsync(CancellationToken.None);
        var first = await NextAsync();
        _fleet.Put(s_unit, null);

        await _monitor.ReadAsync(CancellationToken.None);

        var second = await NextAsync();
        second.Version.Should().BeGreaterThan(first.Version);
        second.Units.Should().HaveCount(1);
    }

    [Test]
    public async Task Watcher_ByItself_ReadsNothing()
    {
        await _watcher.StartAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(1));

        _fleet.Reads.Should().Be(0);
    }

    [Test]
    public async Task Watcher_WhenShowingFails_GoesOnWithTheNextReading()
    {
        var failures = 1;
        _traffic.When(traffic => traffic.Show(Arg.Any<FleetReading>())).Do(_ =>
        {
            if (failures-- > 0)
            {
                throw new InvalidOperationException("a bug");
            }
        });
        await _watcher.StartAsync(CancellationToken.None);
        await _monitor.ReadAsync(CancellationToken.None);
        await NextAsync();

        await WaitFor.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _shown.Reader.Count > 0;
            },
            "it shows the reading again");
    }

    private async Task<FleetReading> NextAsync() => await _shown.Reader.ReadAsync().AsTask().WaitAsync(WaitFor.Limit);
}
