using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>The wall clock is set: what takes a second takes a second.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ClockTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1)]
    public void Enter_WhenAUnitDidNotAnswer_PrefersOthersForASecond(int hours)
    {
        var clock = new TestClock();
        var route = new ServiceRoute(ServiceName.Parse("hello"), (_, _) => { }, TestWatch.Create(), clock);
        route.Update(
            new Route(ServiceName.Parse("hello"), ["hello.localhost"], [
                new RoutedUnit(TestUnit.NameOf("hello", 1), "127.0.0.1:1", UnitTraffic.Serving),
                new RoutedUnit(TestUnit.NameOf("hello", 2), "127.0.0.1:2", UnitTraffic.Standby),
            ]),
            version: 1);
        var serving = route.Enter([])!;
        route.Avoid(serving);

        clock.SetBy = hours * s_hour;

        clock.Elapsed = TimeSpan.FromSeconds(0.9);
        route.Enter([]).Should().NotBe(serving);
        clock.Elapsed = TimeSpan.FromSeconds(1);
        route.Enter([]).Should().Be(serving);
    }
}
