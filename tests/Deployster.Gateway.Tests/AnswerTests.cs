using System.Diagnostics;
using System.Text;
using Deployster.Application.Routing;
using Deployster.Domain.Specs;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>Answers of units that are odd, or come at odd times.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class AnswerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n";
    private const string Head = "HEAD / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n";
    private const string GetAndKeep = "GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [TestCase("Transfer-Encoding: chunked\r\n")]
    [TestCase("Content-Length: 10\r\n")]
    public async Task Head_WhenTheAnswerTellsOfABody_IsAnswered(string framing)
    {
        await using var unit = RawUnit.Answering($"HTTP/1.1 200 OK\r\n{framing}\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await RawMessage.AskAsync(gateway.Address, Head, hasBody: false)).Should().StartWith("HTTP/1.1 200 OK");
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK")]
    [TestCase("HTTP/1.1 200 O\rX: y\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK")]
    [TestCase("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 204 No Content")]
    [TestCase("HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 205 Reset Content")]
    [TestCase("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 304 Not Modified")]
    [TestCase("HTTP/1.1 200 OK\r\nX-A: a\u007f\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 502 Bad Gateway")]
    public async Task Answer_WhenItIsOdd_HasItsStatus(string answer, string status)
    {
        await using var unit = RawUnit.Answering(answer);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await RawMessage.AskAsync(gateway.Address, Get)).Split("\r\n")[0].Should().Be(status);
    }

    [Test]
    public async Task Answer_WhenOneUnitsIsBroken_HasNothingOfIt()
    {
        await using var one = RawUnit.Answering("HTTP/1.1 299 Odd\r\nSet-Cookie: of=one\r\nContent-Length: 50\r\nX-Bad: a\u0001b\r\n\r\n");
        await using var two = RawUnit.Answering("HTTP/1.1 200 OK\r\nX-From: two\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(
            new RoutedUnit(TestUnit.NameOf("hello", 1), one.Endpoint, UnitTraffic.Serving),
            new RoutedUnit(TestUnit.NameOf("hello", 2), two.Endpoint, UnitTraffic.Serving));

        foreach (var _ in Enumerable.Range(0, 4))
        {
            var answer = await RawMessage.AskAsync(gateway.Address, Get);
            answer.Should().StartWith("HTTP/1.1 200 OK").And.NotContain("of=one").And.NotContain("Content-Length");
        }
    }

    [TestCase("Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")]
    [TestCase("Content-Length: 5", "hello")]
    public async Task Head_WhenTheBodyComesLater_IsHandedOnAtOnce(string framing, string body)
    {
        var isSeen = new TaskCompletionSource();
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync(Bytes($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n"));
            await isSeen.Task;
            await stream.WriteAsync(Bytes(body));
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        using var client = await RawMessage.ConnectAsync(gateway.Address);
        await client.GetStream().WriteAsync(Bytes(GetAndKeep));

        var head = await RawMessage.ReadUntilAsync(client.GetStream(), text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        isSeen.SetResult();

        head.Should().StartWith("HTTP/1.1 200 OK");
        (await RawMessage.ReadUntilAsync(client.GetStream(), text => text.Contains("hello", StringComparison.Ordinal))).Should().Contain("hello");
    }

    [Test]
    public async Task Answer_WhenTheUnitReadsNoMoreOfAnUpload_ComesAllTheSame()
    {
        var isOver = new TaskCompletionSource();
        await using var unit = RawUnit.Doing(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte[100]);
            await Task.Delay(500);
            await stream.WriteAsync(Bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"));
            await isOver.Task.WaitAsync(s_limit);
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.Routed, new Timeouts { Idle = null }));
        using var client = await RawMessage.ConnectAsync(gateway.Address);
        await client.GetStream().WriteAsync(Bytes("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 52428800\r\n\r\n"));
        var sending = client.GetStream().WriteAsync(new byte[52428800]).AsTask();

        var answer = await RawMessage.ReadUntilAsync(client.GetStream(), text => text.EndsWith("big", StringComparison.Ordinal));

        isOver.SetResult();
        answer.Should().StartWith("HTTP/1.1 413 ");
        client.Close();
        await sending.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task Download_WhenTheClientReadsSlowly_IsNotIdle()
    {
        const int Size = 24 * 1024 * 1024;
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync(Bytes($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n"));
            await stream.WriteAsync(new byte[Size]);
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.Routed, new Timeouts { Idle = TimeSpan.FromSeconds(5) }));
        using var client = await RawMessage.ConnectAsync(gateway.Address);
        await client.GetStream().WriteAsync(Bytes(GetAndKeep));
        var (buffer, read) = (new byte[64 * 1024], 0L);

        // A little at a time for longer than that, then the rest.
        var (clock, slow) = (Stopwatch.StartNew(), TimeSpan.FromSeconds(9));
        while (read < Size)
        {
            var part = await client.GetStream().ReadAsync(buffer.AsMemory(0, clock.Elapsed < slow ? 10_000 : buffer.Length));
            part.Should().BePositive($"{read} bytes have come, and no more than a part");
            read += part;
            await Task.Delay(clock.Elapsed < slow ? 100 : 0);
        }
    }

    [Test]
    public async Task Answer_WhenAUnitSaysMoreThanItWasAsked_IsNobodyElses()
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            while (await unit.ReadRequestAsync(stream))
            {
                await stream.WriteAsync(Bytes(
                    unit.Requests.Last().StartsWith("HEAD", StringComparison.Ordinal)
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"
                        : Ok));
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        foreach (var _ in Enumerable.Range(0, 50))
        {
            await RawMessage.AskAsync(gateway.Address, Head, hasBody: false);
            (await RawMessage.AskAsync(gateway.Address, Get)).Should().EndWith("ok");
        }
    }

    [Test]
    public async Task Get_WhenTheOnlyUnitHasClosedTheConnection_IsAskedOverANewOne()
    {
        var connections = 0;
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            var isFirst = Interlocked.Increment(ref connections) == 1;
            while (await unit.ReadRequestAsync(stream))
            {
                if (isFirst && unit.Requests.Count == 2)
                {
                    return;
                }

                await stream.WriteAsync(Bytes(Ok));
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await RawMessage.AskAsync(gateway.Address, Get)).Should().EndWith("ok");
        (await RawMessage.AskAsync(gateway.Address, Get)).Should().EndWith("ok");

        connections.Should().Be(2);
    }

    [Test]
    public async Task Answer_WhenAUnitOfHttp2IsLate_Is504()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => Task.Delay(s_limit, context.RequestAborted), HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(TestRoutes.RouteOf(unit.As(UnitTraffic.Serving), new Timeouts { Response = TimeSpan.FromSeconds(1) }));

        (await Http2Frames.AskAsync(gateway, Http2Frames.Headers(isLast: true, [.. Http2Frames.Request("GET", "/")])))
            .Should().Contain("did not answer in time");
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
