using System.Text;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>Requests that would be another one, or more than one, at a unit.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RequestCheckTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

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

        await RawMessage.AskAsync(
            gateway.Address,
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

        var answer = await RawMessage.AskAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n{line}\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 400 ");
        unit.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task Connect_WhenAsked_IsRefused()
    {
        await using var unit = RawUnit.Answering(Ok);
        await using var gateway = await TestGateway.StartAsync();
        await gateway.RouteAsync(unit.Routed);

        (await RawMessage.AskAsync(gateway.Address, "CONNECT hello.localhost:80 HTTP/1.1\r\nHost: hello.localhost:80\r\nConnection: close\r\n\r\n"))
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

        (await RawMessage.AskAsync(gateway.Address, "GET http://hello.localhost/api/x HTTP/1.1\r\nHost: hello.localhost\r\nConnection: close\r\n\r\n"))
            .Should().EndWith("api");
    }

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

            await stream.WriteAsync(Encoding.Latin1.GetBytes(Ok));
        }
    });
}
