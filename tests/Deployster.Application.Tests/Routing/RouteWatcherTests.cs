using System.Threading.Channels;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Deployster.Application.Tests.Routing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RouteWatcherTests : IDisposable
{
    private static readonly UnitName s_unit = UnitName.Parse("hello:v1:2024.01.02-03.04.05@1.service");

    private readonly FakeFleet _fleet = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ITraffic _traffic = Substitute.For<ITraffic>();
    private readonly Channel<FleetSnapshot> _shown = Channel.CreateUnbounded<FleetSnapshot>();
    private readonly Channel<UnitName> _changes = Channel.CreateUnbounded<UnitName>();
    private readonly RouteWatcher _watcher;

    public RouteWatcherTests()
    {
        var changes = Substitute.For<IFleetChanges>();
        changes.WatchAsync(Arg.Any<CancellationToken>()).Returns(call => _changes.Reader.ReadAllAsync(call.Arg<CancellationToken>()));
        _traffic.When(traffic => traffic.Show(Arg.Any<FleetSnapshot>())).Do(call => _shown.Writer.TryWrite(call.Arg<FleetSnapshot>()));
        _watcher = new RouteWatcher(_fleet, changes, _traffic, new WatchedDeploys(), _time, NullLogger<RouteWatcher>.Instance);
    }

    [TearDown]
    public Task StopAsync() => _watcher.StopAsync(CancellationToken.None);

    public void Dispose() => _watcher.Dispose();

    [Test]
    public async Task Watcher_WhenItStarts_ShowsTheFleet()
    {
        _fleet.Put(s_unit, null);

        await _watcher.StartAsync(CancellationToken.None);

        (await NextAsync()).Units.Single().Name.Should().Be(s_unit);
    }

    [Test]
    public async Task Watcher_WhenTheFleetTellsOfAChange_ShowsItAtOnce()
    {
        await _watcher.StartAsync(CancellationToken.None);
        await NextAsync();
        _fleet.Put(s_unit, null);

        _changes.Writer.TryWrite(s_unit);

        (await NextAsync()).Units.Should().HaveCount(1);
    }

    [TestCase("active", "running", 10)]
    [TestCase("activating", "start-post", 1)]
    public async Task Watcher_WhenNothingIsTold_LooksAgainAfterAWhile(string active, string sub, int seconds)
    {
        _fleet.Put(s_unit, null, active, sub);
        await _watcher.StartAsync(CancellationToken.None);
        await NextAsync();

        await WaitFor.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(seconds));
                return _shown.Reader.Count > 0;
            },
            "it looks again");
    }

    [Test]
    public async Task Watcher_WhenTheFleetIsAway_ShowsItWhenItIsBack()
    {
        _fleet.IsAway = true;
        await _watcher.StartAsync(CancellationToken.None);
        _fleet.IsAway = false;

        await WaitFor.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return _shown.Reader.Count > 0;
            },
            "it shows the fleet");
    }

    private async Task<FleetSnapshot> NextAsync() => await _shown.Reader.ReadAsync().AsTask().WaitAsync(WaitFor.Limit);
}
