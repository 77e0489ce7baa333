using Deployster.Application.Routing;
using Deployster.Gateway.Standalone;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class StandaloneTests
{
    private static readonly RoutingTable s_first = Table(11, UnitTraffic.Serving);
    private static readonly RoutingTable s_second = Table(12, UnitTraffic.Draining);

    [Test]
    public async Task Follow_WhenTheApiTells_GivesEachTable()
    {
        await using var api = await TestApi.StartAsync();
        api.Set(s_first);
        using var routes = Create(api.Address);
        await using var tables = routes.FollowAsync(CancellationToken.None).GetAsyncEnumerator();

        ShouldBe(await NextAsync(tables), s_first);
        api.Set(s_second);
        ShouldBe(await NextAsync(tables), s_second);

        api.Requests.Should().Equal($"GET /v1/routes?gateway=edge {Login}");
    }

    [Test]
    public async Task Follow_WhenTheApiWasAway_GoesOn()
    {
        var api = await TestApi.StartAsync();
        api.Set(s_first);
        using var routes = Create(api.Address);
        await using var tables = routes.FollowAsync(CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(tables);

        var port = api.Address.Port;
        await api.DisposeAsync();
        await using var again = await TestApi.StartAsync(port);
        again.Set(s_second);

        RoutingTable table;
        do
        {
            table = await NextAsync(tables);
        }
        while (table.Version != s_second.Version);

        ShouldBe(table, s_second);
    }

    [Test]
    public async Task Follow_WhenTheApiHasACertificateOfItsOwn_TrustsTheOneThatVouchesForIt()
    {
        using var certificate = new TestCertificate();
        await using var api = await TestApi.StartAsync(certificate: certificate);
        api.Set(s_first);
        using var routes = Create(api.Address, options => options with { Authorities = [certificate.Load()] });

        await using var tables = routes.FollowAsync(CancellationToken.None).GetAsyncEnumerator();

        ShouldBe(await NextAsync(tables), s_first);
    }

    [Test]
    public async Task Follow_WhenNobodyVouchesForTheApi_IsNotTold()
    {
        using var certificate = new TestCertificate();
        using var other = new TestCertificate();
        await using var api = await TestApi.StartAsync(certificate: certificate);
        using var routes = Create(api.Address, options => options with { Authorities = [other.Load()] });

        var tell = () => routes.TellDrainedAsync(TestUnit.NameOf("hello"), 12, CancellationToken.None);

        await tell.Should().ThrowAsync<HttpRequestException>();
        api.Requests.Should().BeEmpty();
    }

    [TestCase(403, "edge may follow the routes only without ?gateway.", "edge may follow the routes only without ?gateway.")]
    [TestCase(401, "The user name or the password is wrong.", "The user name or the password is wrong.")]
    [TestCase(403, null, "It answers 403 (Forbidden).")]
    public async Task Follow_WhenTheApiRefusesItsUser_LogsWhomAndWhy(int status, string? detail, string cause)
    {
        await using var api = await TestApi.StartAsync();
        api.Refusal = (status, detail);
        var log = new TestLog<ApiRoutes>();
        using var routes = Create(api.Address, log: log);

        await StartFollowingAsync(routes, log);

        log.Lines.Should().Equal(
            $"Error: Going on with the routes as they are: {api.Address} refuses the user deployster: {cause}");
    }

    [Test]
    public async Task Follow_WhenTheApiWasAwayAndThenRefusesItsUser_LogsBoth()
    {
        var api = await TestApi.StartAsync();
        var port = api.Address.Port;
        await api.DisposeAsync();
        var log = new TestLog<ApiRoutes>();
        using var routes = Create(api: new Uri($"http://127.0.0.1:{port}"), log: log);
        using var stop = new CancellationTokenSource();
        await using var tables = routes.FollowAsync(stop.Token).GetAsyncEnumerator();
        var next = tables.MoveNextAsync();
        await Wait.UntilAsync(() => !log.Lines.IsEmpty);

        await using var again = await TestApi.StartAsync(port);
        again.Refusal = (403, "No.");
        await Wait.UntilAsync(() => log.Lines.Count > 1);

        await EndAsync(stop, next);
        log.Lines.Should().SatisfyRespectively(
            away => away.Should().StartWith("Warning: "), refused => refused.Should().EndWith("refuses the user deployster: No."));
    }

    [Test]
    public async Task TellDrained_WhenTold_ReachesTheApi()
    {
        await using var api = await TestApi.StartAsync();
        using var routes = Create(api.Address);

        await routes.TellDrainedAsync(TestUnit.NameOf("hello"), 12, CancellationToken.None);

        api.Requests.Should().Equal(
            $"POST /v1/routes/edge/drained {Login} {{\"unit\":\"hello:v1:2024.01.02-03.04.05@1.service\",\"version\":12}}");
    }

    [Test]
    public async Task Kept_WhenTheApiIsAway_AreTheLastThatWereTold()
    {
        using var folder = new TempFolder();
        var file = folder.FileOf("routes.json");
        var source = new TestRoutes();
        source.Set(TestRoutes.RouteOf("hello"));
        source.Set(TestRoutes.RouteOf("world", new RoutedUnit(TestUnit.NameOf("world"), "127.0.0.1:1", UnitTraffic.Serving)));
        source.Set(Array.Empty<Route>());
        RoutingTable told;
        await using (var tables = Keep(source, file))
        {
            await NextAsync(tables);
            told = await NextAsync(tables);

            // What it is asked for the next one for, it has kept the one before.
            await NextAsync(tables);
        }

        await using var after = Keep(new TestRoutes(), file);

        ShouldBe(await NextAsync(after), told);
    }

    [Test]
    public async Task Kept_WhenTheFileIsBroken_AreNone()
    {
        using var folder = new TempFolder();
        var file = folder.FileOf("routes.json");
        await File.WriteAllTextAsync(file, """{"version":1,"routes":[{"service":"/"}]}""");
        var source = new TestRoutes();
        source.Set(Array.Empty<Route>());

        await using var tables = Keep(source, file);

        (await NextAsync(tables)).Routes.Should().BeEmpty();
    }

    private static string Login => "Basic ZGVwbG95c3RlcjpzZWNyZXQ=";

    private static async Task StartFollowingAsync(ApiRoutes routes, TestLog<ApiRoutes> log)
    {
        using var stop = new CancellationTokenSource();
        await using var tables = routes.FollowAsync(stop.Token).GetAsyncEnumerator();
        var next = tables.MoveNextAsync();
        await Wait.UntilAsync(() => !log.Lines.IsEmpty);
        await EndAsync(stop, next);
    }

    private static async Task EndAsync(CancellationTokenSource stop, ValueTask<bool> next)
    {
        await stop.CancelAsync();
        await next.AsTask().Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    private static ApiRoutes Create(
        Uri api, Func<StandaloneOptions, StandaloneOptions>? change = null, ILogger<ApiRoutes>? log = null)
    {
        var options = new StandaloneOptions(api, "deployster", "secret") { Name = "edge", Data = "" };
        return new ApiRoutes(change?.Invoke(options) ?? options, TimeProvider.System, log ?? NullLogger<ApiRoutes>.Instance);
    }

    private static IAsyncEnumerator<RoutingTable> Keep(TestRoutes source, string file) =>
        new KeptRoutes(source, file, NullLogger<KeptRoutes>.Instance).FollowAsync(CancellationToken.None).GetAsyncEnumerator();

    private static RoutingTable Table(long version, UnitTraffic traffic) =>
        new(version, [TestRoutes.RouteOf("hello", new RoutedUnit(TestUnit.NameOf("hello"), "127.0.0.1:4001", traffic))]);

    private static async Task<RoutingTable> NextAsync(IAsyncEnumerator<RoutingTable> tables)
    {
        (await tables.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60))).Should().BeTrue();
        return tables.Current;
    }

    private static void ShouldBe(RoutingTable table, RoutingTable expected)
    {
        table.Version.Should().Be(expected.Version);
        table.Routes.Should().Equal(expected.Routes);
    }
}
