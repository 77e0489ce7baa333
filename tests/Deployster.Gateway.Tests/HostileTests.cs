using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>Clients and units that send what they should not, or when they should not.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n";
    private const string GetAndKeep = "GET / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [TestCase("a: b\r\ntransfer-encoding")]
    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("a\u000b")]
    public async Task Request_WhenAHeaderNameOfHttp2IsNone_IsRefused(string name)
    {
        await using var unit = RawUnit.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var answer = await Http2Frames.AskAsync(gateway, Http2Frames.Headers(isLast: true, [.. Http2Frames.Request("GET", "/"), (name, "c")]));

        unit.Requests.Should().BeEmpty();
        answer.Should().Contain("cannot be passed on");
    }

    [TestCase("/x y")]
    [TestCase("/\u00e9")]
    public async Task Request_WhenAPathOfHttp2IsNone_IsRefused(string path)
    {
        await using var unit = RawUnit.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await Http2Frames.AskAsync(gateway, Http2Frames.Headers(isLast: true, [.. Http2Frames.Request("GET", path)]));

        unit.Requests.Should().BeEmpty();
    }

    [TestCase("x-sum", "a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: hello.localhost\r\nx: y")]
    [TestCase("x: y\r\nz", "a")]
    public async Task Request_WhenATrailerOfHttp2IsMoreThanALine_NeverEndsAtTheUnit(string name, string value)
    {
        var got = new StringBuilder();
        await using var unit = Recording(got);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var answer = await Http2Frames.AskAsync(
            gateway,
            [
                .. Http2Frames.Headers(isLast: false, [.. Http2Frames.Request("POST", "/")]),
                .. Http2Frames.Data("body"),
                .. Http2Frames.Headers(isLast: true, (name, value)),
            ]);

        got.ToString().Should().NotContain("smuggled").And.NotContain("z: a");
        answer.Should().Contain("not what its head says");
    }

    [Test]
    public async Task Trailer_WhenItBelongsToAHead_IsLeftOut()
    {
        var got = new StringBuilder();
        await using var unit = Recording(got);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await AskAsync(
            gateway,
            "POST / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\nHost: evil\r\nX-Sum: 1\r\n\r\n");

        got.ToString().Should().Contain("X-Sum: 1").And.NotContain("6.6.6.6").And.NotContain("evil");
    }

    [TestCase("Transfer-Encoding\u000b: chunked")]
    [TestCase("X(Y): 1")]
    public async Task Request_WhenAHeaderNameIsNone_IsRefused(string line)
    {
        await using var unit = RawUnit.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var answer = await AskAsync(gateway, $"GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n{line}\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 400 ");
        unit.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task Connect_WhenAsked_IsRefused()
    {
        await using var unit = RawUnit.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await AskAsync(gateway, "CONNECT hello.localhost:80 HTTP/1.1\r\nHost: hello.localhost:80\r\nConnection: close\r\n\r\n"))
            .Should().StartWith("HTTP/1.1 400 ");
    }

    [Test]
    public async Task Request_WhenInAbsoluteForm_GoesToTheServiceOfItsPath()
    {
        await using var root = RawUnit.Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nroot");
        await using var api = RawUnit.Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napi");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(
            new Route(ServiceName.Parse("root"), ["hello.localhost"], [new(TestUnit.NameOf("root"), root.Endpoint, UnitTraffic.Serving)]),
            new Route(ServiceName.Parse("api"), ["hello.localhost"], [new(TestUnit.NameOf("api"), api.Endpoint, UnitTraffic.Serving)])
            {
                Settings = RouteSettings.Default with { PathPrefix = PathPrefix.Read("/api") },
            });

        (await AskAsync(gateway, "GET http://hello.localhost/api/x HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n"))
            .Should().EndWith("api");
    }

    [TestCase("Transfer-Encoding: chunked\r\n")]
    [TestCase("Content-Length: 10\r\n")]
    public async Task Head_WhenTheAnswerTellsOfABody_IsAnswered(string framing)
    {
        await using var unit = RawUnit.Answering($"HTTP/1.1 200 OK\r\n{framing}\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await AskAsync(gateway, Get.Replace("GET", "HEAD", StringComparison.Ordinal))).Should().StartWith("HTTP/1.1 200 OK");
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

        (await AskAsync(gateway, Get)).Split("\r\n")[0].Should().Be(status);
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
            var answer = await AskAsync(gateway, Get);
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
        using var client = await ConnectAsync(gateway);
        await client.GetStream().WriteAsync(Bytes(GetAndKeep));

        var head = await ReadUntilAsync(client, text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        isSeen.SetResult();

        head.Should().StartWith("HTTP/1.1 200 OK");
        (await ReadUntilAsync(client, text => text.Contains("hello", StringComparison.Ordinal))).Should().Contain("hello");
    }

    [Test]
    public async Task Answer_WhenTheUnitReadsNoMoreOfAnUpload_ComesAllTheSame()
    {
        await using var unit = RawUnit.Doing(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte[100]);
            await Task.Delay(500);
            await stream.WriteAsync(Bytes("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"));
            await Task.Delay(s_limit);
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(WithTimeouts(unit.Routed, new Timeouts { Idle = null }));
        using var client = await ConnectAsync(gateway);
        await client.GetStream().WriteAsync(Bytes("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 52428800\r\n\r\n"));
        var sending = client.GetStream().WriteAsync(new byte[52428800]).AsTask();

        var answer = await ReadUntilAsync(client, text => text.EndsWith("big", StringComparison.Ordinal));

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
        await gateway.RouteAsync(WithTimeouts(unit.Routed, new Timeouts { Idle = TimeSpan.FromSeconds(5) }));
        using var client = await ConnectAsync(gateway);
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
            await AskAsync(gateway, Get.Replace("GET", "HEAD", StringComparison.Ordinal));
            (await AskAsync(gateway, Get)).Should().EndWith("ok");
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

        (await AskAsync(gateway, Get)).Should().EndWith("ok");
        (await AskAsync(gateway, Get)).Should().EndWith("ok");

        connections.Should().Be(2);
    }

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
            await stream.WriteAsync(Bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok"));
            await Task.Delay(1000 + (unit.Requests.Count * 7 % 260));
            await stream.WriteAsync(Bytes("ok"));
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(WithTimeouts(unit.Routed, new Timeouts { Idle = TimeSpan.FromSeconds(1) }));

        foreach (var _ in Enumerable.Range(0, 3))
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync(gateway, Get)));
        }

        (await AskAsync(gateway, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")).Should().StartWith("HTTP/1.1 200 ");
    }

    [Test]
    public async Task Drain_WhenTheUnitHadNoAddressForAMoment_WaitsForItsRequests()
    {
        var end = new TaskCompletionSource();
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await end.Task;
            await stream.WriteAsync(Bytes(Ok));
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        var asked = AskAsync(gateway, Get);
        await Wait.UntilAsync(() => unit.Requests.Count == 1);

        await gateway.RouteAsync(unit.Routed with { Endpoint = null });
        await gateway.RouteAsync(unit.Routed with { Traffic = UnitTraffic.Draining });
        var before = gateway.Routes.Drained.Count;
        end.SetResult();

        before.Should().Be(0);
        (await asked).Should().EndWith("ok");
        await Wait.UntilAsync(() => !gateway.Routes.Drained.IsEmpty);
    }

    [Test]
    public async Task Answer_WhenAUnitOfHttp2IsLate_Is504()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context => Task.Delay(s_limit, context.RequestAborted), HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(WithTimeouts(unit.As(UnitTraffic.Serving), new Timeouts { Response = TimeSpan.FromSeconds(1) }));

        (await Http2Frames.AskAsync(gateway, Http2Frames.Headers(isLast: true, [.. Http2Frames.Request("GET", "/")])))
            .Should().Contain("did not answer in time");
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

    private static Route WithTimeouts(RoutedUnit unit, Timeouts timeouts) =>
        TestRoutes.RouteOf("hello", unit) with { Settings = RouteSettings.Default with { Timeouts = timeouts } };

    private static RawUnit Recording(StringBuilder got) => RawUnit.Doing(async (_, stream) =>
    {
        var buffer = new byte[65536];
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
            {
                return;
            }

            lock (got)
            {
                got.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (!got.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal) && !got.ToString().Contains("X-Sum", StringComparison.Ordinal))
                {
                    continue;
                }
            }

            await stream.WriteAsync(Bytes(Ok));
        }
    });

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static async Task<TcpClient> ConnectAsync(TestGateway gateway)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        return client;
    }

    private static async Task<string> AskAsync(TestGateway gateway, string request)
    {
        using var client = await ConnectAsync(gateway);
        await client.GetStream().WriteAsync(Bytes(request));
        return await ReadUntilAsync(client, _ => false);
    }

    // All that comes until it is enough, or the end.
    private static async Task<string> ReadUntilAsync(TcpClient client, Func<string, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(s_limit);
        var (text, buffer) = (new StringBuilder(), new byte[65536]);
        try
        {
            while (!isEnough(text.ToString()))
            {
                var read = await client.GetStream().ReadAsync(buffer, limit.Token);
                if (read == 0)
                {
                    break;
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // It was cut.
        }

        return text.ToString();
    }
}
