using System.Collections.Immutable;
using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Deployster.Application.Tests.Routing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RoutesTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly IHostApplicationLifetime _lifetime = Substitute.For<IHostApplicationLifetime>();
    private Routes _routes = null!;
    private long _version;

    [SetUp]
    public void SetUp()
    {
        _lifetime.ApplicationStarted.Returns(new CancellationToken(canceled: true));
        _routes = Create();
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Table_WhenAFleetIsShown_HasEachServicesHostsAndUnits()
    {
        _routes.Show(Fleet(Healthy("hello", 1, "www.example.com"), Starting("hello", 2), Healthy("world", 1)));

        var table = await FirstAsync("gateway");

        table.Routes.Should().Equal(
            new Route(
                ServiceName.Parse("hello"),
                ["hello.example.org", "www.example.com"],
                [new(UnitOf("hello", 1), "127.0.0.1:4001", UnitTraffic.Serving), new(UnitOf("hello", 2), null, UnitTraffic.Ill)]),
            new Route(
                ServiceName.Parse("world"), ["world.example.org"], [new(UnitOf("world", 1), "127.0.0.1:4001", UnitTraffic.Serving)]));
    }

    [Test]
    public async Task Table_WhenAServiceAnswersNowhere_HasNoRouteForIt()
    {
        var worker = Healthy("worker", 1) with { Intention = new Intention { Image = "worker", RequestedAt = default, Spec = new DeploySpec { Port = 0 } } };
        _routes.Show(Fleet(Healthy("hello", 1), worker));

        (await FirstAsync("gateway")).Routes.Select(route => route.Service.Value).Should().Equal("hello");
    }

    [Test]
    public async Task Table_WhenTwoServicesHaveAHost_GivesItToOne()
    {
        _routes.Show(Fleet(Healthy("a", 1, "b.example.org", "www.example.com"), Healthy("b", 1, "www.example.com")));

        var table = await FirstAsync("gateway");

        table.Routes.Select(route => string.Join(' ', route.Hosts)).Should().Equal(
            "a.example.org www.example.com", "b.example.org");
    }

    [Test]
    public async Task Table_WhenServicesShareAHost_GivesItToEachUnderItsPrefix()
    {
        var api = Healthy("api", 1, "www.example.com");
        var spec = api.Intention!.Spec with { PathPrefix = PathPrefix.Read("/api"), StripPrefix = true };
        _routes.Show(Fleet(api with { Intention = api.Intention with { Spec = spec } }, Healthy("web", 1, "www.example.com")));

        var table = await FirstAsync("gateway");

        table.Routes.Select(route => $"{string.Join(' ', route.Hosts)} {route.Settings.PathPrefix} {route.Settings.StripsPrefix}").Should().Equal(
            "api.example.org www.example.com /api True", "web.example.org www.example.com  False");
    }

    [Test]
    public async Task Table_WhenAServiceIsClosed_TellsIt()
    {
        var closed = new Maintenance("Back soon.", TimeSpan.FromMinutes(1));
        _routes.Show(Fleet(Healthy("hello", 1), Healthy("world", 1)));

        _routes.Close(ImmutableDictionary<ServiceName, Maintenance>.Empty.Add(ServiceName.Parse("hello"), closed));

        (await FirstAsync("gateway")).Routes.Select(route => route.Maintenance).Should().Equal(closed, null);
    }

    [Test]
    public async Task Follow_WhenNothingHasBeenShown_Waits()
    {
        var first = FirstAsync("gateway");

        first.IsCompleted.Should().BeFalse();
        _routes.Show(Fleet());
        (await first).Routes.Should().BeEmpty();
    }

    [Test]
    public async Task Follow_WhenTheTableChanges_TellsInGrowingVersions()
    {
        _routes.Show(Fleet(Starting("hello", 1)));
        await using var gateway = Attach("gateway");
        var before = await NextAsync(gateway);

        _routes.Show(Fleet(Healthy("hello", 1)));

        var after = await NextAsync(gateway);
        after.Version.Should().BeGreaterThan(before.Version);
        after.Routes[0].Units[0].Traffic.Should().Be(UnitTraffic.Serving);
    }

    [Test]
    public async Task Show_WhenItIsOlderThanWhatWasShown_ChangesNothing()
    {
        _routes.Show(Fleet(Healthy("hello", 1)) with { Version = long.MaxValue });

        _routes.Show(Fleet() with { Version = long.MaxValue - 1 });

        (await FirstAsync("gateway")).Routes.Should().HaveCount(1);
    }

    [Test]
    public async Task Version_WhenDeploysterStartsAnew_IsStillLater()
    {
        _routes.Show(Fleet());
        var before = await FirstAsync("gateway");
        _time.Advance(TimeSpan.FromSeconds(1));

        _routes = Create();
        _routes.Show(Fleet());

        (await FirstAsync("gateway")).Version.Should().BeGreaterThan(before.Version);
    }

    [Test]
    public void Drain_WhenThereIsNoGateway_IsDoneAtOnce()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));

        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        drain.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Test]
    public async Task Drain_WhenAGatewayRoutesTheUnit_WaitsUntilItHasDrainedIt()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var gateway = Attach("gateway");
        await NextAsync(gateway);

        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        var table = await NextAsync(gateway);
        table.Routes[0].Units[0].Traffic.Should().Be(UnitTraffic.Draining);
        drain.IsCompleted.Should().BeFalse();
        _routes.TellDrained("gateway", UnitOf("hello", 1), table.Version);
        await drain;
        (await NextAsync(gateway)).Routes[0].Units.Should().BeEmpty();
    }

    [Test]
    public async Task Drain_WhenOneOfTwoGatewaysHasDrainedIt_WaitsForTheOther()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var one = Attach("one");
        await using var two = Attach("two");
        await NextAsync(one);
        await NextAsync(two);
        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);
        var version = (await NextAsync(one)).Version;

        _routes.TellDrained("one", UnitOf("hello", 1), version);

        drain.IsCompleted.Should().BeFalse();
        _routes.TellDrained("two", UnitOf("hello", 1), version);
        await drain;
    }

    [Test]
    public async Task Drain_WhenAGatewayDrainedItByAnEarlierTable_WaitsForItAgain()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var gateway = Attach("gateway");
        var early = await NextAsync(gateway);
        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        _routes.TellDrained("gateway", UnitOf("hello", 1), early.Version);

        drain.IsCompleted.Should().BeFalse();
        _time.Advance(s_timeout);
        await drain;
    }

    [Test]
    public async Task Drain_WhenRequestsDoNotEnd_IsDoneAfterTheTimeout()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var gateway = Attach("gateway");
        await NextAsync(gateway);
        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        _time.Advance(s_timeout - TimeSpan.FromSeconds(1));
        drain.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        await drain;
    }

    [Test]
    public async Task Drain_WhenAGatewayHasJustGoneAway_WaitsForIt()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await FirstAsync("gateway");

        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        drain.IsCompleted.Should().BeFalse();
        _routes.TellDrained("gateway", UnitOf("hello", 1), (await FirstAsync("gateway")).Version);
        await drain;
    }

    [Test]
    public async Task Drain_WhenAGatewayHasBeenAwayForLong_DoesNotWaitForIt()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await FirstAsync("gateway");
        _time.Advance(s_timeout + TimeSpan.FromSeconds(1));

        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        await drain.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Drain_WhenDeploysterHasJustStarted_GivesGatewaysTimeToComeBack()
    {
        _routes = Create();
        _routes.Show(Fleet(Healthy("hello", 1)));
        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);
        await using var gateway = Attach("gateway");
        await NextAsync(gateway);

        _time.Advance(TimeSpan.FromSeconds(3));

        var table = await NextAsync(gateway);
        drain.IsCompleted.Should().BeFalse();
        _routes.TellDrained("gateway", UnitOf("hello", 1), table.Version);
        await drain;
    }

    [Test]
    public async Task Drain_WhenItIsCancelled_PutsTheUnitBack()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var gateway = Attach("gateway");
        await NextAsync(gateway);
        using var cancel = new CancellationTokenSource();
        var drain = _routes.DrainAsync(UnitOf("hello", 1), cancel.Token);
        await NextAsync(gateway);

        await cancel.CancelAsync();

        await drain.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await NextAsync(gateway)).Routes[0].Units[0].Traffic.Should().Be(UnitTraffic.Serving);
    }

    [Test]
    public async Task Drain_WhenTheUnitIsGone_IsDone()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await using var gateway = Attach("gateway");
        await NextAsync(gateway);
        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        _routes.Show(Fleet());

        await drain.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Table_WhenUnitsReplaceOthers_KeepsThemOnStandbyUntilTheOthersLeave()
    {
        _routes.Show(Fleet(Healthy("hello", 1), Replacing("hello", 1)));
        await using var gateway = Attach("gateway");
        TrafficOf(await NextAsync(gateway)).Should().Equal(UnitTraffic.Serving, UnitTraffic.Standby);

        var drain = _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        var table = await NextAsync(gateway);
        TrafficOf(table).Should().Equal(UnitTraffic.Draining, UnitTraffic.Serving);
        _routes.TellDrained("gateway", UnitOf("hello", 1), table.Version);
        await drain;
        TrafficOf(await NextAsync(gateway)).Should().Equal(UnitTraffic.Serving);
        _routes.Show(Fleet(Replacing("hello", 1)));
        TrafficOf(await FirstAsync("other")).Should().Equal(UnitTraffic.Serving);
    }

    [Test]
    public async Task Table_WhenAllUnitsOfAServiceAreIll_LetsThemServe()
    {
        _routes.Show(Fleet(Ill("hello", 1), Ill("hello", 2), Healthy("world", 1), Ill("world", 2)));

        var table = await FirstAsync("gateway");

        table.Routes[0].Units.Select(unit => unit.Traffic).Should().Equal(UnitTraffic.Serving, UnitTraffic.Serving);
        table.Routes[1].Units.Select(unit => unit.Traffic).Should().Equal(UnitTraffic.Serving, UnitTraffic.Ill);
    }

    [Test]
    public async Task Restore_WhenADrainedUnitStays_RoutesItAgain()
    {
        _routes.Show(Fleet(Healthy("hello", 1)));
        await _routes.DrainAsync(UnitOf("hello", 1), CancellationToken.None);

        _routes.StopDraining(UnitOf("hello", 1));

        (await FirstAsync("gateway")).Routes[0].Units[0].Traffic.Should().Be(UnitTraffic.Serving);
    }

    private Routes Create() =>
        new(new HostNames("example.org"), new DrainOptions(s_timeout), _lifetime, _time, NullLogger<Routes>.Instance);

    private IAsyncEnumerator<RoutingTable> Attach(string gateway) =>
        _routes.FollowAsync(gateway, CancellationToken.None).GetAsyncEnumerator();

    private static async Task<RoutingTable> NextAsync(IAsyncEnumerator<RoutingTable> gateway)
    {
        await gateway.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return gateway.Current;
    }

    private async Task<RoutingTable> FirstAsync(string gateway)
    {
        await using var tables = Attach(gateway);
        return await NextAsync(tables);
    }

    private static UnitName UnitOf(string service, int instance) =>
        UnitName.Parse($"{service}:v1:2024.01.02-03.04.05@{instance}.service");

    private static Unit Healthy(string service, int instance, params string[] hosts) =>
        new(UnitOf(service, instance), Wanted.Running, Phase.Healthy)
        {
            Endpoint = $"127.0.0.1:{4000 + instance}",
            Intention = new Intention
            {
                Image = service,
                RequestedAt = DateTimeOffset.UnixEpoch,
                Spec = new DeploySpec { Hosts = [.. hosts.Select(HostName.Parse)] },
            },
        };

    private static Unit Starting(string service, int instance) =>
        Healthy(service, instance) with { Phase = Phase.Starting, Endpoint = null };

    private static Unit Ill(string service, int instance) => Healthy(service, instance) with { Phase = Phase.Running };

    /// <summary>A unit of a later version, in the place of one of those that <see cref="Healthy"/> makes.</summary>
    private static Unit Replacing(string service, int instance)
    {
        var unit = Healthy(service, instance);
        return unit with
        {
            Name = UnitName.Parse($"{service}:v2:2024.01.02-03.04.06@{instance}.service"),
            Intention = unit.Intention! with
            {
                DestroyPrevious = true,
                Replaces = [new ReplacedDeploy(unit.Name.DeployId.Version, unit.Name.DeployId.Timestamp, 1)],
            },
        };
    }

    private static IEnumerable<UnitTraffic> TrafficOf(RoutingTable table) =>
        table.Routes.Single().Units.Select(unit => unit.Traffic);

    private FleetReading Fleet(params Unit[] units) => new(++_version, _time.GetMonotonicTime(), [.. units]);
}
