using System.Net;
using System.Net.Sockets;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class UnitFailureTests
{
    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Request_WhenAUnitRefusesConnections_GoesToAnother(string method)
    {
        await using var unit = await TestUnit.StartAsync(
            "hello", 2, async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync()));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(Refusing(), unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();

        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/");
            request.Content = method == "POST" ? new StringContent("body") : null;
            using var answer = await client.SendAsync(request);
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync()).Should().Be(method == "POST" ? "body" : "");
        }
    }

    [Test]
    public async Task Request_WhenAllUnitsRefuse_IsAnswered503()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(Refusing());

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
    }

    [Test]
    public async Task Request_WhenTheOnlyUnitRefusedJustBefore_IsTriedThereAgain()
    {
        var port = FreePort();
        await using var gateway = await TestGateway.StartAsync();
        var routed = new RoutedUnit(TestUnit.NameOf("hello"), $"127.0.0.1:{port}", UnitTraffic.Serving);
        await gateway.RouteAsync(routed);
        var client = gateway.CreateClient();
        (await client.GetAsync("/")).Dispose();
        await using var unit = await StartOnAsync(port);

        var answer = await client.GetStringAsync("/");

        answer.Should().Be("back");
    }

    [Test]
    public async Task Get_WhenAUnitBreaksOffBeforeItAnswers_IsAskedAnother()
    {
        await using var breaking = await TestUnit.StartAsync("hello", 1, BreakOff);
        await using var unit = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(breaking.As(UnitTraffic.Serving), unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();

        for (var i = 0; i < 4; i++)
        {
            (await client.GetStringAsync("/")).Should().Be(unit.Name.ToString());
        }

        breaking.Requests.Should().BeGreaterThan(0);
    }

    [Test]
    public async Task Post_WhenAUnitBreaksOffBeforeItAnswers_IsNotAskedAgain()
    {
        await using var breaking = await TestUnit.StartAsync("hello", 1, BreakOff);
        await using var other = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(breaking.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();

        using var answer = await client.PostAsync("/", new StringContent("pay"));

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (breaking.Requests, other.Requests).Should().Be((1, 0));
    }

    [Test]
    public async Task Get_WhenEveryUnitBreaksOff_IsAskedTwiceAndNoMore()
    {
        await using var one = await TestUnit.StartAsync("hello", 1, BreakOff);
        await using var two = await TestUnit.StartAsync("hello", 2, BreakOff);
        await using var three = await TestUnit.StartAsync("hello", 3, BreakOff);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(one.As(UnitTraffic.Serving), two.As(UnitTraffic.Serving), three.As(UnitTraffic.Serving));

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (one.Requests + two.Requests + three.Requests).Should().Be(2);
    }

    private static Task BreakOff(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static RoutedUnit Refusing() => new(TestUnit.NameOf("hello"), $"127.0.0.1:{FreePort()}", UnitTraffic.Serving);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<IAsyncDisposable> StartOnAsync(int port)
    {
        var listener = new HttpListenerOn(port);
        await listener.StartAsync();
        return listener;
    }

    private sealed class HttpListenerOn(int port) : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, port);
        private Task _serving = Task.CompletedTask;

        public Task StartAsync()
        {
            _listener.Start();
            _serving = ServeAsync();
            return Task.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nback"u8.ToArray());
        }
    }
}
