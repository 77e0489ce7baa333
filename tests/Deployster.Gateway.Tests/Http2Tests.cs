using System.Net;
using System.Net.WebSockets;
using System.Text;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>What comes in HTTP/2 reaches units in HTTP/1.1, or in HTTP/2 where they speak it, as it was sent.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Http2Tests
{
    [Test]
    public async Task Request_WhenTheUnitSpeaksHttp1_ReachesItAsItCame()
    {
        await using var unit = RawUnit.Answering(
            "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"r\u00c3\u00a9.txt\"\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 5\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        using var client = Client();

        using var answer = await client.SendAsync(Request(gateway, "/group%2Fproject/a%2Bb;c?x=[1]|{2}", ("Cookie", "a=1; b=\u00e9"), ("X-Two", "1"), ("X-Two", "2")));

        var lines = RawMessage.Split(unit.Requests.Last()).Lines;
        lines.Should().StartWith(["GET /group%2Fproject/a%2Bb;c?x=[1]|{2} HTTP/1.1", "Host: hello.localhost"]);
        lines.Select(line => line.ToLowerInvariant()).Should().Contain("cookie: a=1; b=\u00e9");
        answer.Version.Should().Be(HttpVersion.Version20);
        answer.Content.Headers.GetValues("Content-Disposition").Single().Should().Be("attachment; filename=\"r\u00c3\u00a9.txt\"");
        (await answer.Content.ReadAsStringAsync()).Should().Be("ok");
        answer.TrailingHeaders.GetValues("X-Sum").Should().Equal("5");
    }

    [Test]
    public async Task Request_WhenTheUnitSpeaksHttp2_ReachesItAsItCame()
    {
        await using var unit = await TestUnit.StartAsync(
            "hello",
            1,
            async context =>
            {
                context.Response.Headers["X-Target"] = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
                await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync());
                context.Response.AppendTrailer("X-Sum", "5");
            },
            HttpProtocols.Http2);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var client = Client();
        using var request = Request(gateway, "/group%2Fproject/a%2Bb?x=%5B1%5D");
        (request.Method, request.Content) = (HttpMethod.Post, new StringContent("body"));

        using var answer = await client.SendAsync(request);

        answer.Headers.GetValues("X-Target").Should().Equal("/group%2Fproject/a%2Bb?x=%5B1%5D");
        (await answer.Content.ReadAsStringAsync()).Should().Be("body");
        answer.TrailingHeaders.GetValues("X-Sum").Should().Equal("5");
    }

    [Test]
    public async Task Upload_WhenTheUnitSpeaksHttp1_ArrivesWholeAndInItsFraming()
    {
        await using var unit = RawUnit.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        using var client = Client();
        var body = Encoding.Latin1.GetString([.. Enumerable.Range(0, 100_000).Select(number => (byte)number)]);
        foreach (var isSized in new[] { true, false })
        {
            using var request = Request(gateway, "/");
            (request.Method, request.Content) = (HttpMethod.Post, new ByteArrayContent(Encoding.Latin1.GetBytes(body)));
            request.Content.Headers.ContentLength = isSized ? body.Length : null;
            if (!isSized)
            {
                request.Content = new StreamContent(new Unsized(Encoding.Latin1.GetBytes(body)));
            }

            (await client.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.OK);

            var seen = unit.Requests.Last();
            seen.Contains("Content-Length: 100000\r\n", StringComparison.Ordinal).Should().Be(isSized);
            ParsedMessage.Parse(seen).Body.Should().Be(body);
        }
    }

    [Test]
    public async Task Answer_WhenItBreaksOff_IsNotTakenForWhole()
    {
        await using var unit = RawUnit.Doing(async (unit, stream) =>
        {
            await unit.ReadRequestAsync(stream);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray());
        });
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);
        using var client = Client();

        var read = async () => await (await client.SendAsync(Request(gateway, "/"))).Content.ReadAsStringAsync();

        await read.Should().ThrowAsync<HttpRequestException>();
    }

    [Test]
    public async Task WebSocket_WhenItComesInHttp2_ReachesAUnitThatSpeaksHttp1()
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, TestSocket.EchoAsync);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var socket = new ClientWebSocket { Options = { HttpVersion = HttpVersion.Version20, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        socket.Options.SetRequestHeader("Host", "hello.localhost");

        await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws" }.Uri, invoker, CancellationToken.None);

        (await TestSocket.AskAsync(socket, "one")).Should().Be("one");
    }

    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    });

    private static HttpRequestMessage Request(TestGateway gateway, string target, params (string Name, string Value)[] headers)
    {
        var uri = new Uri($"{gateway.Address.ToString().TrimEnd('/')}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Host = "hello.localhost" },
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    // A body of which nobody knows how long it is.
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
