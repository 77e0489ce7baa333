using System.Runtime.CompilerServices;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Routing;
using Deployster.Gateway.Standalone;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>What fails unexpectedly within a gateway ends neither it nor its work.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ResilienceTests
{
    [Test]
    public async Task Follower_WhenItsSourceFailsUnexpectedly_LogsItAndFollowsAgain()
    {
        var source = new FailingSource();
        var router = new Router(TestWatch.Create(), TimeProvider.System);
        var log = new TestLog<RouteFollower>();
        using var follower = new RouteFollower(source, router, TimeProvider.System, log);
        await follower.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => router.Find("hello.localhost") is not null);

        log.Lines.Should().ContainSingle().Which.Should().Be("Error: RouteFollower failed and begins again in 1 s");
        await Wait.UntilAsync(() => source.Told == 2);
        await follower.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task Follower_WhenATableCannotBeApplied_GoesOnWithTheNext()
    {
        var source = new TestRoutes();
        source.Set(TestRoutes.RouteOf("twice"), TestRoutes.RouteOf("twice"));
        source.Set(TestRoutes.RouteOf("hello"));
        var router = new Router(TestWatch.Create(), TimeProvider.System);
        using var follower = new RouteFollower(source, router, TimeProvider.System, new TestLog<RouteFollower>());
        await follower.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => router.Find("hello.localhost") is not null);

        await follower.StopAsync(CancellationToken.None);
    }

    [TestCase("")]
    [TestCase("""{"version":1,"routes":[""")]
    [TestCase("null")]
    [TestCase("\0\0\0\0")]
    [TestCase("""{"version":1,"routes":[null]}""")]
    [TestCase("""{"version":1,"routes":[{"service":"hello","hosts":[],"units":[null]}]}""")]
    [TestCase("""{"version":1,"routes":[{"service":"hello","hosts":[null],"units":[]}]}""")]
    [TestCase("""{"version":1,"routes":[{"service":"a","hosts":[],"units":[]},{"service":"a","hosts":[],"units":[]}]}""")]
    [TestCase("""{"version":1,"routes":[{"service":"a","hosts":[],"units":[{"unit":"b","endpoint":null,"traffic":"none"}]}]}""")]
    public async Task Follower_WhenTheKeptRoutesAreBroken_FollowsTheApi(string kept)
    {
        using var folder = new TempFolder();
        var file = folder.FileOf("routes.json");
        await File.WriteAllTextAsync(file, kept);
        var source = new TestRoutes();
        source.Set(TestRoutes.RouteOf("hello"));
        var router = new Router(TestWatch.Create(), TimeProvider.System);
        var routes = new KeptRoutes(source, file, NullLogger<KeptRoutes>.Instance);
        using var follower = new RouteFollower(routes, router, TimeProvider.System, new TestLog<RouteFollower>());
        await follower.StartAsync(CancellationToken.None);

        await Wait.UntilAsync(() => router.Find("hello.localhost") is not null);

        await follower.StopAsync(CancellationToken.None);
    }

    // Fails once at each of what it does.
    private sealed class FailingSource : IRouteSource
    {
        private int _follows;
        private int _told;

        public int Told => _told;

        public async IAsyncEnumerable<RoutingTable> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (++_follows == 1)
            {
                throw new InvalidOperationException("It broke.");
            }

            yield return new RoutingTable(1, [TestRoutes.RouteOf("hello", Draining(1), Draining(2))]);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        public Task TellDrainedAsync(UnitName unit, long version, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _told) == 1 ? throw new InvalidOperationException("It broke.") : Task.CompletedTask;

        private static RoutedUnit Draining(int instance) =>
            new(TestUnit.NameOf("hello", instance), $"127.0.0.1:{instance}", UnitTraffic.Draining);
    }
}
