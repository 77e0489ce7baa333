using System.Net;
using System.Net.WebSockets;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class DrainTests
{
    [Test]
    public async Task Unit_WhenDraining_GetsNoMoreRequests()
    {
        await using var old = await TestUnit.StartAsync("hello", 1);
        await using var young = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(old.As(UnitTraffic.Draining), young.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();

        for (var i = 0; i < 6; i++)
        {
            await client.GetStringAsync("/");
        }

        (old.Requests, young.Requests).Should().Be((0, 6));
    }

    [Test]
    public async Task Unit_WhenDrainingWithoutARequest_IsDrainedAtOnce()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        var version = await gateway.RouteAsync(unit.As(UnitTraffic.Draining));

        await Wait.UntilAsync(() => !gateway.Routes.Drained.IsEmpty);
        gateway.Routes.Drained.Should().Equal((unit.Name, version));
    }

    [Test]
    public async Task Unit_WhenDrainingDuringARequest_IsDrainedWhenThatHasEnded()
    {
        var isHeld = new TaskCompletionSource();
        await using var unit = await TestUnit.StartHeldAsync(isHeld.Task);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var held = gateway.CreateClient().GetStringAsync("/");
        await Wait.UntilAsync(() => unit.Requests == 1);
        await gateway.RouteAsync(unit.As(UnitTraffic.Draining));
        gateway.Routes.Drained.Should().BeEmpty();

        isHeld.SetResult();

        (await held).Should().Be("whole");
        await Wait.UntilAsync(() => !gateway.Routes.Drained.IsEmpty);
    }

    [Test]
    public async Task Unit_WhenDrainingWithAWebSocketOpen_IsDrainedWhenThatIsClosed()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, TestSocket.EchoAsync);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var socket = await TestSocket.ConnectAsync(gateway);
        await gateway.RouteAsync(unit.As(UnitTraffic.Draining));
        (await TestSocket.AskAsync(socket, "still there?")).Should().Be("still there?");
        gateway.Routes.Drained.Should().BeEmpty();

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);

        await Wait.UntilAsync(() => !gateway.Routes.Drained.IsEmpty);
    }

    [Test]
    public async Task Unit_WhenDrainingAndTakenBack_GetsRequestsAgain()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Draining));

        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        (await gateway.CreateClient().GetStringAsync("/")).Should().Be(unit.Name.ToString());
    }

    [Test]
    public async Task Unit_WhenDrainingAndThoseThatStayDoNotAnswer_TakesRequestsAsLongAsItIsThere()
    {
        var isHeld = new TaskCompletionSource();
        await using var old = await TestUnit.StartAsync("hello", 1, context =>
            context.Request.Path == "/hold" ? isHeld.Task : context.Response.WriteAsync("old"));
        var young = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(old.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();
        var held = client.GetAsync("/hold");
        await Wait.UntilAsync(() => old.Requests == 1);
        await gateway.RouteAsync(old.As(UnitTraffic.Draining), young.As(UnitTraffic.Serving));
        (await client.GetStringAsync("/")).Should().Be(young.Name.ToString());

        await young.DisposeAsync();

        (await client.GetStringAsync("/")).Should().Be("old");
        isHeld.SetResult();
        (await held).Dispose();
    }

    [Test]
    public async Task Unit_WhenItIsOnStandby_TakesRequestsOnlyIfThoseThatServeDoNotAnswer()
    {
        var old = await TestUnit.StartAsync("hello", 1);
        await using var young = await TestUnit.StartAsync("hello", 2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(old.As(UnitTraffic.Serving), young.As(UnitTraffic.Standby));
        var client = gateway.CreateClient();
        (await client.GetStringAsync("/")).Should().Be(old.Name.ToString());
        (await client.GetStringAsync("/")).Should().Be(old.Name.ToString());

        await old.DisposeAsync();

        (await client.GetStringAsync("/")).Should().Be(young.Name.ToString());
    }

    [Test]
    public async Task Unit_WhenAllOfTheServiceAreDraining_GetsNoMoreRequests()
    {
        var isHeld = new TaskCompletionSource();
        await using var unit = await TestUnit.StartAsync("hello", 1, _ => isHeld.Task);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();
        var held = client.GetAsync("/");
        await Wait.UntilAsync(() => unit.Requests == 1);
        await gateway.RouteAsync(unit.As(UnitTraffic.Draining));

        using var answer = await client.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        isHeld.SetResult();
        (await held).Dispose();
    }

    [Test]
    public async Task Request_WhenItsUnitIsNoLongerRouted_EndsUndisturbed()
    {
        var isHeld = new TaskCompletionSource();
        await using var unit = await TestUnit.StartAsync("hello", 1, async context =>
        {
            await context.Response.WriteAsync("first, ");
            await isHeld.Task;
            await context.Response.WriteAsync("last");
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var held = gateway.CreateClient().GetStringAsync("/");
        await Wait.UntilAsync(() => unit.Requests == 1);

        await gateway.RouteAsync(Array.Empty<Route>());
        isHeld.SetResult();

        (await held).Should().Be("first, last");
    }

    [Test]
    public async Task Drain_WhenTheUnitHadNoAddressForAMoment_WaitsForItsRequests()
    {
        var end = new TaskCompletionSource();
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await end.Task;
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        var asked = RawMessage.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n");
        await Wait.UntilAsync(() => unit.Requests.Count == 1);

        await gateway.RouteAsync(unit.Routed with { Endpoint = null });
        await gateway.RouteAsync(unit.Routed with { Traffic = UnitTraffic.Draining });
        var before = gateway.Routes.Drained.Count;
        end.SetResult();

        before.Should().Be(0);
        (await asked).Should().EndWith("ok");
        await Wait.UntilAsync(() => !gateway.Routes.Drained.IsEmpty);
    }
}
