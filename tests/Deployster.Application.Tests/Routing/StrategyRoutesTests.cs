using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;

namespace Deployster.Application.Tests.Routing;

/// <summary>Which units get requests while one set takes the other's place.</summary>
internal sealed class StrategyRoutesTests
{
    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public void Table_InBatches_HasEachHealthyUnitServe() =>
        TrafficOf(new Strategy { MaxSurge = new(1) }).Should().Equal(UnitTraffic.Serving, UnitTraffic.Serving, UnitTraffic.Serving);

    [Test]
    public void Table_WithACanary_HasItServeBesideTheOthers() =>
        TrafficOf(new Strategy { Canary = 1 }).Should().Equal(UnitTraffic.Serving, UnitTraffic.Serving, UnitTraffic.Serving);

    [Test]
    public void Table_WhenAllEnterAtOnce_HasThemWait() =>
        TrafficOf(null).Should().Equal(UnitTraffic.Serving, UnitTraffic.Serving, UnitTraffic.Standby);

    [Test]
    public void Table_WhenAllEnterAtOnceAndSomebodyStopsAnOldUnit_HasThemWaitAllTheSame() =>
        TrafficOf(null, Wanted.Stopped).Should().Equal(UnitTraffic.Serving, UnitTraffic.Ill, UnitTraffic.Standby);

    [Test]
    public async Task Table_WhenAUnitThatWasDrainedIsStartedAgain_HasItServe()
    {
        var routes = Create();
        var (fleet, stopped) = (Fleet(null), Fleet(null, Wanted.Stopped));
        routes.Show(Reading(1, fleet));
        await routes.DrainAsync(s_old.Unit(2), CancellationToken.None).WaitAsync(WaitFor.Limit);
        routes.Show(Reading(2, stopped));
        routes.StopDraining(s_old.Unit(2));

        routes.Show(Reading(3, fleet));

        routes.Current.Single().Units.Single(unit => unit.Name == s_old.Unit(2)).Traffic.Should().Be(UnitTraffic.Serving);
    }

    private static IEnumerable<UnitTraffic> TrafficOf(Strategy? strategy, Wanted second = Wanted.Running)
    {
        var routes = Create();
        routes.Show(Reading(1, Fleet(strategy, second)));
        return routes.Current.Single().Units.Select(unit => unit.Traffic);
    }

    private static Unit[] Fleet(Strategy? strategy, Wanted second = Wanted.Running)
    {
        var intention = Sample.Intention(s_new, new DeploySpec { InstanceCount = 2, Strategy = strategy }, s_old);
        return
        [
            Unit(s_old.Unit(1), Sample.Intention(s_old)),
            second == Wanted.Running
                ? Unit(s_old.Unit(2), Sample.Intention(s_old))
                : Unit(s_old.Unit(2), Sample.Intention(s_old)) with { Wanted = second, Phase = Phase.Stopped, Endpoint = null },
            Unit(s_new.Unit(1), intention with { Replaces = [new ReplacedDeploy(s_old.Version, s_old.Timestamp, 2)] }),
        ];
    }

    private static Unit Unit(UnitName name, Intention intention) =>
        new(name, Wanted.Running, Phase.Healthy) { Endpoint = $"127.0.0.1:{4000 + name.Instance}", Intention = intention };

    private static FleetReading Reading(long version, Unit[] units) => new(version, TimeSpan.Zero, [.. units]);

    private static Routes Create()
    {
        var lifetime = Substitute.For<IHostApplicationLifetime>();
        lifetime.ApplicationStarted.Returns(new CancellationToken(canceled: true));
        return new Routes(
            new HostNames("example.org"),
            new DrainOptions(TimeSpan.FromSeconds(30)) { Grace = TimeSpan.Zero },
            lifetime,
            TimeProvider.System,
            NullLogger<Routes>.Instance);
    }
}
