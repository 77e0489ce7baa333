using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Deployster.Application.Routing;
using Deployster.Domain.Specs;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>What happens as an exchange, or the gateway, ends.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LifetimeTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Abort_WhenTheExchangeIsOver_ConcernsNobody()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var connection = await UnitConnection.ConnectAsync(listener.LocalEndPoint!, CancellationToken.None);
        var aborted = 0;
        connection.SetDue(1);
        connection.OnOverdue(() => aborted++);

        connection.OnOverdue(null);
        connection.AbortIfOverdue(2);

        aborted.Should().Be(0);
    }

    [Test]
    public async Task Gateway_WhenManyAnswersStandStillJustAsTheyEnd_StaysUp()
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok"u8.ToArray());
            await Task.Delay(1000 + (unit.Requests.Count * 7 % 260));
            await stream.WriteAsync("ok"u8.ToArray());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.Routed, new Timeouts { Idle = TimeSpan.FromSeconds(1) }));

        foreach (var _ in Enumerable.Range(0, 3))
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync(gateway)));
        }

        (await RawMessage.AskAsync(gateway.Address, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")).Should().StartWith("HTTP/1.1 200 ");
    }

    [Test]
    public async Task Stop_WhenRequestsNeverCease_EndsThem()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => Task.Delay(100));
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var (isOver, cut) = (false, 0);
        var clients = Enumerable.Range(0, 8).Select(async number =>
        {
            await Task.Delay(number * 13);
            using var client = gateway.CreateClient();
            while (!isOver)
            {
                try
                {
                    await client.GetStringAsync("/");
                }
                catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                {
                    return;
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref cut);
                }
            }
        }).ToList();
        await Wait.UntilAsync(() => unit.Requests > 20);

        var clock = Stopwatch.StartNew();
        await gateway.StopAsync();
        isOver = true;
        await Task.WhenAll(clients);

        clock.Elapsed.Should().BeLessThan(s_limit, "the host would wait for a minute");
        cut.Should().Be(0);
    }

    // Whole or cut.
    private static async Task AskAsync(TestGateway gateway)
    {
        try
        {
            await RawMessage.AskAsync(gateway.Address, Get);
        }
        catch (IOException)
        {
            // It stood still for too long.
        }
    }
}
