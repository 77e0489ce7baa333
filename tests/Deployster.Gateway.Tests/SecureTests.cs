using System.Net;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class SecureTests
{
    [Test]
    public async Task Request_WhenThereIsACertificate_IsTakenOverHttps()
    {
        using var certificate = new TestCertificate();
        await using var unit = await TestUnit.StartAsync("hello", 1, TellProtocol);
        await using var gateway = await StartAsync(certificate);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        var answer = await gateway.CreateClient("hello.localhost", certificate).GetStringAsync("/");

        answer.Should().Be("HTTP/1.1 https");
    }

    [Test]
    public async Task Certificate_WhenItsFilesChange_IsTheNewOne()
    {
        using var certificate = new TestCertificate();
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await StartAsync(certificate);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        (await gateway.CreateClient("hello.localhost", certificate).GetAsync("/")).Dispose();

        certificate.Renew();

        await Wait.UntilAsync(() => IsShown(gateway, certificate));
    }

    [Test]
    public async Task Certificate_WhenItsFilesBecomeUnusable_StaysAsItWas()
    {
        using var certificate = new TestCertificate();
        await using var unit = await TestUnit.StartAsync();
        await using var gateway = await StartAsync(certificate);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));

        await File.WriteAllTextAsync(certificate.Cert, "-----BEGIN CERT");
        await Task.Delay(TimeSpan.FromSeconds(1.1));

        IsShown(gateway, certificate).Should().BeTrue();
    }

    [TestCase(HttpProtocols.Http2, "HTTP/2 https")]
    [TestCase(HttpProtocols.Http1, "HTTP/1.1 https")]
    public async Task Http2Request_WhenForwarded_IsHttp2ToAUnitThatSpeaksIt(HttpProtocols unitSpeaks, string expected)
    {
        using var certificate = new TestCertificate();
        await using var unit = await TestUnit.StartAsync("hello", 1, TellProtocol, unitSpeaks);
        await using var gateway = await StartAsync(certificate);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient("hello.localhost", certificate);
        using var request = Http2(HttpMethod.Get);

        using var answer = await client.SendAsync(request);

        answer.Version.Should().Be(HttpVersion.Version20);
        (await answer.Content.ReadAsStringAsync()).Should().Be(expected);
    }

    [Test]
    public async Task Http2Call_WhenTheUnitEndsWithTrailers_GetsThem()
    {
        using var certificate = new TestCertificate();
        await using var unit = await TestUnit.StartAsync(
            "hello",
            1,
            async context =>
            {
                context.Response.DeclareTrailer("grpc-status");
                await context.Request.Body.CopyToAsync(context.Response.Body);
                context.Response.AppendTrailer("grpc-status", "0");
            },
            HttpProtocols.Http2);
        await using var gateway = await StartAsync(certificate);
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        using var request = Http2(HttpMethod.Post);
        request.Content = new StringContent("call");

        using var answer = await gateway.CreateClient("hello.localhost", certificate).SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().Be("call");
        answer.TrailingHeaders.GetValues("grpc-status").Should().Equal("0");
    }

    [Test]
    public async Task Start_WhenTheCertificateCannotBeRead_SaysSo()
    {
        var start = () => TestGateway.StartAsync(options => options with { Cert = "/nowhere.pem", Key = "/nowhere.pem" });

        await start.Should().ThrowAsync<GatewayStartException>().WithMessage("-gateway-cert and -gateway-key: *nowhere.pem*");
    }

    [Test]
    public async Task Start_WhenTheKeyIsOfAnotherCertificate_SaysSo()
    {
        using var certificate = new TestCertificate();
        using var other = new TestCertificate();
        var start = () => TestGateway.StartAsync(options => options with { Cert = certificate.Cert, Key = other.Key });

        await start.Should().ThrowAsync<GatewayStartException>().WithMessage("-gateway-cert and -gateway-key: *does not match*");
    }

    [Test]
    public async Task Start_WhenTheAddressIsTaken_SaysSo()
    {
        await using var first = await TestGateway.StartAsync();
        var start = () => TestGateway.StartAsync(options => options with { Listen = IPEndPoint.Parse(first.Address.Authority) });

        await start.Should().ThrowAsync<GatewayStartException>().WithMessage("-gateway-listen: *");
    }

    [Test]
    public async Task Start_WhenTheAddressIsNoneOfTheMachine_SaysSo()
    {
        var start = () => TestGateway.StartAsync(options => options with { Listen = IPEndPoint.Parse("192.0.2.1:8080") });

        await start.Should().ThrowAsync<GatewayStartException>().WithMessage("-gateway-listen: 192.0.2.1:8080: *");
    }

    private static Task<TestGateway> StartAsync(TestCertificate certificate) =>
        TestGateway.StartAsync(options => options with { Cert = certificate.Cert, Key = certificate.Key });

    private static Task TellProtocol(HttpContext context) =>
        context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Headers["X-Forwarded-Proto"]}");

    private static HttpRequestMessage Http2(HttpMethod method) => new(method, "/")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static bool IsShown(TestGateway gateway, TestCertificate certificate)
    {
        try
        {
            // A client of its own connects anew.
            using var answer = gateway.CreateClient("hello.localhost", certificate).GetAsync("/").GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
