using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Deployster.Application.Routing;
using Deployster.Domain.Specs;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>What operators expect of the thing that answers in front.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FrontTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("/api/a?b", "api:/api/a?b")]
    [TestCase("/api", "api:/api")]
    [TestCase("/apiary", "web:/apiary")]
    [TestCase("/", "web:/")]
    [TestCase("/api/v2/x", "v2:/x")]
    [TestCase("/api/v2?x", "v2:/?x")]
    public async Task Request_WhenServicesShareAHost_GoesToTheOneWithTheLongestPrefix(string path, string expected)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var web = await TellingAsync("web");
        await using var api = await TellingAsync("api");
        await using var v2 = await TellingAsync("v2");
        await gateway.RouteAsync(Shared(web, "web", null), Shared(api, "api", "/api"), Shared(v2, "v2", "/api/v2", strips: true));

        (await gateway.CreateClient("www.example.com").GetStringAsync(path)).Should().Be(expected);
    }

    [Test]
    public async Task Request_WhenTheServiceIsClosed_IsAnsweredWithItsMessage()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        var route = TestRoutes.RouteOf("hello", unit.As(UnitTraffic.Serving));
        await gateway.RouteAsync(route with { Maintenance = new Maintenance("Back at <b>nine</b>.", TimeSpan.FromMinutes(5)) });
        var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("Accept", "text/html");

        using var answer = await client.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromMinutes(5));
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Back at &lt;b&gt;nine&lt;/b&gt;.");
        await gateway.RouteAsync(route);
        (await client.GetStringAsync("/")).Should().Be(unit.Name.ToString());
    }

    [Test]
    public async Task Error_WhenThereIsAPageForIt_IsAnsweredWithThat()
    {
        await File.WriteAllTextAsync(_folder.FileOf("404.html"), "<h1>Lost?</h1>");
        await using var gateway = await TestGateway.StartAsync(options => options with { ErrorPages = Folder });
        await gateway.RouteAsync(TestRoutes.RouteOf("hello"));
        var client = gateway.CreateClient("nobody.localhost");
        client.DefaultRequestHeaders.Add("Accept", "text/html");

        using var answer = await client.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).Should().Be("<h1>Lost?</h1>");
    }

    [Test]
    public async Task Health_WhenAskedByAddress_IsTheGatewaysOwn()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => context.Response.WriteAsync("of the service"));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        (await gateway.CreateClient(gateway.Address.Authority).GetStringAsync("/healthz")).Should().Be("The gateway serves.\n");
        (await gateway.CreateClient().GetStringAsync("/healthz")).Should().Be("of the service");
    }

    [Test]
    public async Task Health_WhenTheGatewayIsToldToEnd_Is503WhileItEndsItsRequests()
    {
        var isHeld = new TaskCompletionSource();
        await using var unit = await TestUnit.StartHeldAsync(isHeld.Task);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var request = gateway.CreateClient().GetStringAsync("/");
        await Wait.UntilAsync(() => unit.Requests == 1);

        var stopping = gateway.StopAsync();

        await Wait.UntilAsync(async () =>
            (await gateway.CreateClient(gateway.Address.Authority).GetAsync("/healthz")).StatusCode == HttpStatusCode.ServiceUnavailable);
        isHeld.SetResult();
        (await request).Should().Be("whole");
        await stopping;
    }

    [Test]
    public async Task Challenge_WhenATokenIsThere_IsAnsweredInPlainHttpOnly()
    {
        Directory.CreateDirectory(_folder.FileOf(".well-known/acme-challenge"));
        await File.WriteAllTextAsync(_folder.FileOf(".well-known/acme-challenge/abc_-1"), "abc.key");
        await File.WriteAllTextAsync(_folder.FileOf("secret"), "secret");
        TestAuthority.Write(_folder.FileOf("hello.localhost.crt"), _folder.FileOf("hello.localhost.key"), "hello.localhost");
        await using var gateway = await StartSecureAsync(options => options with { AcmeWebRoot = Folder });
        await gateway.RouteAsync(TestRoutes.RouteOf("hello") with { Settings = RouteSettings.Default with { HttpsRedirect = true } });
        var client = gateway.CreateClient();

        (await client.GetStringAsync("/.well-known/acme-challenge/abc_-1")).Should().Be("abc.key");
        (await client.GetAsync("/.well-known/acme-challenge/none")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await client.GetAsync("/.well-known/acme-challenge/..%2f..%2fsecret")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await client.GetAsync("/.well-known/acme-challengex")).StatusCode.Should().Be(HttpStatusCode.PermanentRedirect);
    }

    [TestCase(true, null, true)]
    [TestCase(true, false, false)]
    [TestCase(false, null, false)]
    [TestCase(false, true, true)]
    public async Task PlainHttp_WhereThereIsACertificate_IsRedirected(bool gateways, bool? services, bool expected)
    {
        TestAuthority.Write(_folder.FileOf("hello.localhost.crt"), _folder.FileOf("hello.localhost.key"), "hello.localhost");
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await StartSecureAsync(options => options with { RedirectsToHttps = gateways });
        var route = TestRoutes.RouteOf("hello", unit.As(UnitTraffic.Serving));
        await gateway.RouteAsync(route with { Settings = RouteSettings.Default with { HttpsRedirect = services } });

        using var answer = await gateway.CreateClient().PostAsync("/a%2Fb?c", new StringContent("x"));

        answer.StatusCode.Should().Be(expected ? HttpStatusCode.PermanentRedirect : HttpStatusCode.OK);
        answer.Headers.Location?.OriginalString.Should().Be("https://hello.localhost/a%2Fb?c");
    }

    [Test]
    public async Task PlainHttp_WhereThereIsNoCertificate_IsServed()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await StartSecureAsync(options => options);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        (await gateway.CreateClient().GetStringAsync("/")).Should().Be(unit.Name.ToString());
    }

    [Test]
    public async Task Https_WhenToldTo_AnnouncesItself()
    {
        TestAuthority.Write(_folder.FileOf("hello.localhost.crt"), _folder.FileOf("hello.localhost.key"), "hello.localhost");
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await StartSecureAsync(options => options with { StrictTransport = TimeSpan.FromDays(1) });
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true, TargetHost = "hello.localhost" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.HttpsAddress) { Headers = { Host = "hello.localhost" } };

        using var answer = await client.SendAsync(request);

        answer.Headers.GetValues("Strict-Transport-Security").Should().Equal("max-age=86400");
    }

    [Test]
    public async Task Client_WhenItsServiceAsksForIt_StaysAtOneUnit()
    {
        await using var one = await TestUnit.StartAsync("hello", 1);
        await using var two = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        var settings = RouteSettings.Default with { Affinity = Affinity.Cookie };
        await gateway.RouteAsync(TestRoutes.RouteOf("hello", one.As(UnitTraffic.Serving), two.As(UnitTraffic.Serving)) with { Settings = settings });
        var client = gateway.CreateClient();
        using var first = await client.GetAsync("/");
        var name = await first.Content.ReadAsStringAsync();
        client.DefaultRequestHeaders.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.GetAsync("/");
            (await answer.Content.ReadAsStringAsync()).Should().Be(name);
            answer.Headers.Contains("Set-Cookie").Should().BeFalse();
        }

        var (kept, other) = name == one.Name.ToString() ? (one, two) : (two, one);
        await gateway.RouteAsync(TestRoutes.RouteOf("hello", kept.As(UnitTraffic.Ill), other.As(UnitTraffic.Serving)) with { Settings = settings });
        using var moved = await client.GetAsync("/");
        (await moved.Content.ReadAsStringAsync()).Should().Be(other.Name.ToString());
        moved.Headers.Contains("Set-Cookie").Should().BeTrue();
    }

    [Test]
    public async Task Request_WhenTheServiceHasNoUnitAtTheMoment_WaitsForOne()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync(options => options with { Hold = TimeSpan.FromSeconds(60) });
        await gateway.RouteAsync(new RoutedUnit(unit.Name, null, UnitTraffic.Ill));
        var client = gateway.CreateClient();
        var requests = Enumerable.Range(0, 20).Select(_ => client.PostAsync("/", new StringContent("x"))).ToList();
        await Task.Delay(300);
        requests.Should().NotContain(request => request.IsCompleted);

        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        foreach (var answer in await Task.WhenAll(requests))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Test]
    public async Task Request_WhenTheOnlyUnitRefusesConnections_WaitsUntilItTakesThem()
    {
        var endpoint = FreeEndPoint();
        await using var gateway = await TestGateway.StartAsync(options => options with { Hold = TimeSpan.FromSeconds(60) });
        await gateway.RouteAsync(new RoutedUnit(TestUnit.NameOf("hello"), endpoint.ToString(), UnitTraffic.Serving));
        var request = gateway.CreateClient().GetAsync("/");
        await Task.Delay(300);
        request.IsCompleted.Should().BeFalse();

        using var listener = new TcpListener(endpoint);
        listener.Start();
        using var connection = await listener.AcceptTcpClientAsync();
        await RawMessage.ReadAsync(connection.GetStream());
        await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        (await request).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Request_WhenNoUnitComes_IsAnswered503AfterAWhile()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { Hold = TimeSpan.FromMilliseconds(500) });
        await gateway.RouteAsync(TestRoutes.RouteOf("hello"));
        var clock = Stopwatch.StartNew();

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(450));
    }

    [Test]
    public async Task Request_WhenTheUnitDoesNotAnswerInTime_Is504()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => Task.Delay(-1, context.RequestAborted));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.As(UnitTraffic.Serving), new Timeouts { Response = TimeSpan.FromSeconds(1) }));

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.GatewayTimeout);
        unit.Requests.Should().Be(1);
    }

    [Test]
    public async Task Answer_WhenItStandsStill_IsBrokenOff()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            await context.Response.WriteAsync("some");
            await context.Response.Body.FlushAsync();
            await Task.Delay(-1, context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.As(UnitTraffic.Serving), new Timeouts { Response = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromSeconds(1) }));

        var read = () => gateway.CreateClient().GetStringAsync("/");

        await read.Should().ThrowAsync<HttpRequestException>();
    }

    [Test]
    public async Task Answer_WhenItComesSlowly_IsWhole()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            for (var i = 0; i < 5; i++)
            {
                await context.Response.WriteAsync($"{i}");
                await context.Response.Body.FlushAsync();
                await Task.Delay(500);
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.As(UnitTraffic.Serving), new Timeouts { Response = TimeSpan.FromSeconds(1), Idle = null }));

        (await gateway.CreateClient().GetStringAsync("/")).Should().Be("01234");
    }

    [Test]
    public async Task Log_WhenTurnedOn_HasALineForEachRequest()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            var length = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync($"{length.Length} {context.Request.Headers["X-Request-Id"]}");
        });
        await using var gateway = await TestGateway.StartAsync(options => options with { AccessLog = _folder.FileOf("access.log") });
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("User-Agent", "a test");

        var answer = await (await client.PostAsync("/a%2Fb?secret=1", new StringContent("hello"))).Content.ReadAsStringAsync();
        using var named = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Request-Id", "mine" } } };
        (await (await client.SendAsync(named)).Content.ReadAsStringAsync()).Should().Be("0 mine");

        await Wait.UntilAsync(async () => (await LinesAsync()).Count == 2);
        var line = (await LinesAsync())[0];
        line.GetProperty("method").GetString().Should().Be("POST");
        line.GetProperty("host").GetString().Should().Be("hello.localhost");
        line.GetProperty("path").GetString().Should().Be("/a%2Fb");
        line.GetProperty("status").GetInt32().Should().Be(200);
        line.GetProperty("bytes_in").GetInt64().Should().Be(5);
        line.GetProperty("bytes_out").GetInt64().Should().Be(answer.Length);
        line.GetProperty("unit").GetString().Should().Be(unit.Name.ToString());
        line.GetProperty("client").GetString().Should().Be("127.0.0.1");
        line.GetProperty("request_id").GetString().Should().HaveLength(32).And.Be(answer.Split(' ')[1]);
        line.GetProperty("user_agent").GetString().Should().Be("a test");
        line.GetProperty("duration").GetDouble().Should().BeGreaterThan(0);
        line.ToString().Should().NotContain("secret");
    }

    private string Folder => Path.GetDirectoryName(_folder.FileOf("x"))!;

    private static IPEndPoint FreeEndPoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private async Task<IReadOnlyList<JsonElement>> LinesAsync()
    {
        await using var file = new FileStream(_folder.FileOf("access.log"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        var lines = (await new StreamReader(file).ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    private Task<TestGateway> StartSecureAsync(Func<GatewayOptions, GatewayOptions> change) =>
        TestGateway.StartAsync(options => change(options with { Certs = Folder, HttpsListen = new IPEndPoint(IPAddress.Loopback, 0) }));

    private static Task<TestUnit> TellingAsync(string service) => TestUnit.StartAsync(
        service, 1, context => context.Response.WriteAsync($"{service}:{context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}"));

    private static Route Shared(TestUnit unit, string service, string? prefix, bool strips = false) =>
        TestRoutes.RouteOf(service, unit.As(UnitTraffic.Serving)) with
        {
            Hosts = [$"{service}.localhost", "www.example.com"],
            Settings = RouteSettings.Default with { PathPrefix = prefix is null ? null : PathPrefix.Read(prefix), StripsPrefix = strips },
        };
}
