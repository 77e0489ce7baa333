using System.Net;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Answers;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class RoutingTests
{
    [TestCase("hello.localhost", "hello")]
    [TestCase("world.localhost", "world")]
    [TestCase("HELLO.Localhost", "hello")]
    [TestCase("world.localhost:8080", "world")]
    [TestCase("hello.localhost.", "hello")]
    [TestCase("www.example.com", "world")]
    public async Task Request_WhenHostIsOfAService_GoesToIt(string host, string service)
    {
        await using var hello = await TestUnit.StartAsync("hello");
        await using var world = await TestUnit.StartAsync("world");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(
            TestRoutes.RouteOf("hello", hello.As(UnitTraffic.Serving)),
            new Route(ServiceName.Parse("world"), ["world.localhost", "www.example.com"], [world.As(UnitTraffic.Serving)]));

        var answer = await gateway.CreateClient(host).GetStringAsync("/");

        answer.Should().StartWith($"{service}:");
    }

    [Test]
    public async Task Request_WhenForwarded_KeepsHostPathAndQuery()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => context.Response.WriteAsync(
            $"{context.Request.Method} {context.Request.Host} {context.Request.PathBase}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        var answer = await gateway.CreateClient("hello.localhost:8080").GetStringAsync("/a%20b/c%2Fd?q=%C3%A4&r=1+2");

        answer.Should().Be("GET hello.localhost:8080 /a%20b/c%2Fd?q=%C3%A4&r=1+2");
    }

    [Test]
    public async Task Request_WhenNoServiceHasTheHost_IsAnswered404()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf("hello"));

        using var answer = await gateway.CreateClient("other.localhost").GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
        (await answer.Content.ReadAsStringAsync()).Should().Be("No service has the host name other.localhost.\n");
    }

    [Test]
    public async Task Request_WhenABrowserAsksForAnUnknownHost_IsAnsweredWithAPage()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf("hello"));
        var client = gateway.CreateClient("other.localhost");
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        using var answer = await client.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("<p>No service has the host name other.localhost.</p>");
    }

    [Test]
    public void ErrorPage_WhenTheHostIsMarkup_EscapesIt()
    {
        var page = ErrorPage.NoSuchHost("<script>alert(1)</script>").ToHtml();

        page.Should().Contain("&lt;script&gt;").And.NotContain("<script>");
    }

    [Test]
    public async Task Request_WhenNoUnitIsHealthy_IsAnswered503AndWhenToComeAgain()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Ill), new RoutedUnit(TestUnit.NameOf("hello", 2), null, UnitTraffic.Ill));

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.Should().NotBeNull();
        unit.Requests.Should().Be(0);
    }

    [Test]
    public async Task Request_WhenNoTableHasComeYet_IsAnswered503()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var answer = await gateway.CreateClient().GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Test]
    public async Task Request_WhenAUnitHasFewer_GoesToThatOne()
    {
        var isHeld = new TaskCompletionSource();
        await using var busy = await TestUnit.StartAsync("hello", 1, _ => isHeld.Task);
        await using var idle = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(busy.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();
        var held = client.GetAsync("/");
        await Wait.UntilAsync(() => busy.Requests == 1);
        await gateway.RouteAsync(busy.As(UnitTraffic.Serving), idle.As(UnitTraffic.Serving));

        for (var i = 0; i < 10; i++)
        {
            await client.GetStringAsync("/");
        }

        (busy.Requests, idle.Requests).Should().Be((1, 10));
        isHeld.SetResult();
        (await held).Dispose();
    }

    [Test]
    public async Task Request_WhenUnitsHaveEquallyMany_TakesTurns()
    {
        await using var one = await TestUnit.StartAsync("hello", 1);
        await using var two = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(one.As(UnitTraffic.Serving), two.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();

        for (var i = 0; i < 10; i++)
        {
            await client.GetStringAsync("/");
        }

        (one.Requests, two.Requests).Should().Be((5, 5));
    }
}
