using System.Net.Sockets;
using System.Text;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>What clients and units send each other arrives as it was sent.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BytesTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [TestCase("/group%2Fproject/a%2Bb")]
    [TestCase("/%5Ba%5D")]
    [TestCase("//double//slash")]
    [TestCase("/a;b=c;d")]
    [TestCase("/100%25")]
    [TestCase("/a/..%2fb")]
    [TestCase("/a/%2e%2e/b")]
    [TestCase("/?a[]={b}|c")]
    [TestCase("/a?b=%00&c=%zz")]
    [TestCase("/?")]
    [TestCase("/a?x=1?y=2#z")]
    [TestCase("/%E4%BD%A0/%e4")]
    [TestCase("*")]
    public async Task Target_WhateverItIs_ReachesTheUnitAsItCame(string target)
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        var method = target == "*" ? "OPTIONS" : "GET";

        await RawMessage.AskAsync(gateway.Address, $"{method} {target} HTTP/1.1\r\nHost: hello.localhost\r\n\r\n");

        unit.Requests.Single().Should().StartWith($"{method} {target} HTTP/1.1\r\nHost: hello.localhost\r\n");
    }

    [Test]
    public async Task Target_WhenAProxyIsAskedForIt_ReachesTheUnitAsItsPath()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await RawMessage.AskAsync(gateway.Address, "GET http://hello.localhost/a%2Fb?c HTTP/1.1\r\nHost: hello.localhost\r\n\r\n");

        unit.Requests.Single().Should().StartWith("GET /a%2Fb?c HTTP/1.1\r\n");
    }

    [Test]
    public async Task RequestHeaders_WhateverTheyHold_ReachTheUnit()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await RawMessage.AskAsync(
            gateway.Address, "GET / HTTP/1.1\r\nHost: hello.localhost\r\nX-Name: r\u00c3\u00a9\u00ff\r\nX-Two: a\r\nX-Two: b\r\nX-Empty:\r\nCookie: a=\u00e9\r\n\r\n");

        RawMessage.Split(unit.Requests.Single()).Lines.Should()
            .Contain(["X-Name: r\u00c3\u00a9\u00ff", "X-Two: a", "X-Two: b", "X-Empty: ", "Cookie: a=\u00e9"]);
    }

    [Test]
    public async Task RequestHeaders_WhenConnectionNamesThem_StayHere()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await RawMessage.AskAsync(
            gateway.Address,
            "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: X-A\r\nX-A: 1\r\nX-B: 2\r\nKeep-Alive: 5\r\nTE: trailers\r\n\r\n");

        var lines = RawMessage.Split(unit.Requests.Single()).Lines;
        lines.Should().Contain(["X-B: 2", "TE: trailers", "Connection: TE"]);
        lines.Should().NotContain(line => line.StartsWith("X-A") || line.StartsWith("Keep-Alive"));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"r\u00c3\u00a9.txt\"\r\nContent-Length: 2\r\n\r\nok")]
    [TestCase("HTTP/1.1 200 OK\r\nX-Latin: \u00e9\u00ff\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n")]
    [TestCase("HTTP/1.1 299 Something else\r\nContent-Length: 1\r\n\r\nx")]
    [TestCase("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nX-Empty:\r\n\r\nabc")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n00\r\nX-Sum: 5\r\nX-Other: \u00e9\r\n\r\n")]
    [TestCase("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n")]
    [TestCase("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nServer: mine\r\nDate: yesterday\r\nContent-Length: 0\r\n\r\n")]
    public async Task Answer_WhateverItIs_ReachesTheClientAsItCame(string answer)
    {
        await using var unit = RawUnit.Answering(answer);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var seen = await RawMessage.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: hello.localhost\r\nTE: trailers\r\n\r\n");

        var (lines, body) = RawMessage.Split(answer);
        var (seenLines, seenBody) = RawMessage.Split(seen);
        seenBody.Should().Be(body);
        seenLines[0].Should().Be(lines[0]);
        Sorted(seenLines).Except(Sorted(lines)).Where(line => !line.StartsWith("Date: ")).Should().BeEmpty();
        Sorted(lines).Except(Sorted(seenLines)).Should().BeEmpty();
    }

    [Test]
    public async Task Answer_WhenItEndsWithItsConnection_IsWhole()
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\nall of it"u8.ToArray());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var answer = await gateway.CreateClient().GetStringAsync("/");

        answer.Should().Be("all of it");
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n")]
    public async Task Answer_WhenItBreaksOff_IsNotTakenForWhole(string answer)
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var read = () => gateway.CreateClient().GetStringAsync("/");

        await read.Should().ThrowAsync<HttpRequestException>();
    }

    [TestCase("no answer\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n")]
    public async Task Answer_WhenItIsNoneOfHttp_Is502(string answer)
    {
        await using var unit = RawUnit.Answering(answer);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var seen = await RawMessage.AskAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 0\r\n\r\n");

        seen.Should().StartWith("HTTP/1.1 502 ");
    }

    [Test]
    public async Task Head_WhenTheAnswerTellsALength_HasNoBody()
    {
        await using var unit = RawUnit.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        for (var i = 0; i < 2; i++)
        {
            var seen = await RawMessage.AskAsync(gateway.Address, "HEAD / HTTP/1.1\r\nHost: hello.localhost\r\n\r\n", hasBody: false);
            seen.Should().Contain("\r\nContent-Length: 5\r\n").And.EndWith("\r\n\r\n");
        }

        unit.Connections.Should().Be(1, "the connection is used again");
    }

    [Test]
    public async Task RequestTrailer_WhenTheBodyIsInChunks_ReachesTheUnit()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await RawMessage.AskAsync(
            gateway.Address,
            "POST / HTTP/1.1\r\nHost: hello.localhost\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 5\r\n\r\n");

        unit.Requests.Single().Should().EndWith("3\r\nabc\r\n0\r\nX-Sum: 5\r\n\r\n");
    }

    [Test]
    public async Task Upload_WhenTheUnitRefusesItEarly_GetsTheRefusal()
    {
        const int Size = 20 * 1024 * 1024;
        await using var unit = RawUnit.Doing(async (_, stream) =>
        {
            await stream.ReadExactlyAsync(new byte[100]);
            await stream.WriteAsync("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig"u8.ToArray());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        for (var i = 0; i < 10; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", gateway.Address.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: {Size}\r\n\r\n"));
            var sending = stream.WriteAsync(new byte[Size]).AsTask();

            var answer = await RawMessage.ReadAsync(stream);

            answer.Should().StartWith("HTTP/1.1 413 Too Large\r\n").And.EndWith("\r\n\r\nbig");
            client.Close();
            await sending.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [TestCase("HTTP/1.1 100 Continue\r\n\r\n", true)]
    [TestCase("", false)]
    public async Task Upload_WhenTheClientAsksFirst_WaitsForTheUnit(string interim, bool isWanted)
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            var head = new byte[4096];
            var read = await stream.ReadAsync(head);
            unit.Requests.Enqueue(Encoding.Latin1.GetString(head, 0, read));
            if (isWanted)
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(interim));
                await stream.ReadExactlyAsync(new byte[5]);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Empty));
            }
            else
            {
                await stream.WriteAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: hello.localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"u8.ToArray());
        var first = await RawMessage.ReadAsync(stream, hasBody: false);

        first.Should().StartWith(isWanted ? "HTTP/1.1 100" : "HTTP/1.1 417");
        unit.Requests.Single().Should().Contain("Expect: 100-continue").And.EndWith("\r\n\r\n");
        if (isWanted)
        {
            await stream.WriteAsync("hello"u8.ToArray());
            (await RawMessage.ReadAsync(stream)).Should().StartWith("HTTP/1.1 200 OK");
        }
    }

    [Test]
    public async Task Upgrade_WhenItIsToHttp2_StaysHere()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        await RawMessage.AskAsync(
            gateway.Address,
            "GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");

        unit.Requests.Single().Should().NotContain("h2c", "requests that it carries would go past the gateway").And.NotContain("HTTP2-Settings");
    }

    [Test]
    public async Task Upload_WhenTheClientStopsInTheMiddle_IsAnswered408()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        var timeouts = new Domain.Specs.Timeouts { Idle = TimeSpan.FromSeconds(1) };
        await gateway.RouteAsync(TestRoutes.RouteOf("hello", unit.Routed) with { Settings = Application.Routing.RouteSettings.Default with { Timeouts = timeouts } });
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", gateway.Address.Port);
        var stream = client.GetStream();

        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: hello.localhost\r\nContent-Length: 10\r\n\r\nhalf"u8.ToArray());

        (await RawMessage.ReadAsync(stream)).Should().StartWith("HTTP/1.1 408 ");
    }

    [Test]
    public async Task Upload_WhenItsChunksAreNone_IsAnswered400()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        var answer = await RawMessage.AskAsync(
            gateway.Address, "POST / HTTP/1.1\r\nHost: hello.localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc");

        answer.Should().StartWith("HTTP/1.1 400 ");
    }

    [Test]
    public async Task Request_WhenItIsLong_IsPassedOn()
    {
        await using var unit = RawUnit.Answering(Empty);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        var (query, cookie) = (new string('q', 9000), new string('c', 24 * 1024));
        var headers = string.Concat(Enumerable.Range(0, 120).Select(i => $"X-{i}: {i}\r\n"));

        await RawMessage.AskAsync(gateway.Address, $"GET /?{query} HTTP/1.1\r\nHost: hello.localhost\r\nCookie: {cookie}\r\n{headers}\r\n");

        unit.Requests.Single().Should().Contain(query).And.Contain(cookie).And.Contain("X-119: 119");
    }

    [TestCase(17 * 1024, 0, 0, "414")]
    [TestCase(0, 65 * 1024, 0, "431")]
    [TestCase(0, 0, 201, "431")]
    public async Task Request_WhenItIsLongerThanTheLimits_IsRefused(int query, int cookie, int headers, string status)
    {
        await using var gateway = await TestGateway.StartAsync();
        var lines = string.Concat(Enumerable.Range(0, headers).Select(i => $"X-{i}: {i}\r\n"));

        var answer = await RawMessage.AskAsync(
            gateway.Address, $"GET /?{new string('q', query)} HTTP/1.1\r\nHost: hello.localhost\r\nCookie: {new string('c', cookie)}\r\n{lines}\r\n");

        answer.Should().StartWith($"HTTP/1.1 {status} ");
    }

    [Test]
    public async Task Post_WhenTheUnitClosesIdleConnections_IsNeverLost()
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            // As a server does that keeps idle connections for two seconds.
            stream.ReadTimeout = 2000;
            while (await unit.ReadRequestAsync(stream).WaitAsync(TimeSpan.FromSeconds(2)))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Empty));
            }
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        var client = gateway.CreateClient();

        foreach (var pause in new[] { 0, 10, 900, 990, 1000, 1010, 1500, 1990, 2000, 2010 })
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                using var answer = await client.PostAsync("/", new StringContent("pay"));
                answer.EnsureSuccessStatusCode();
            }));
            await Task.Delay(pause);
        }
    }

    [Test]
    public async Task Request_WhenItBeginsWithHttp2InClearText_IsServed()
    {
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(Application.Routing.UnitTraffic.Serving));
        var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await client.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().Be(unit.Name.ToString());
        answer.Version.Should().Be(new Version(2, 0));
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Skip(1).Select(line => line.TrimEnd()).Order(StringComparer.Ordinal);
}
