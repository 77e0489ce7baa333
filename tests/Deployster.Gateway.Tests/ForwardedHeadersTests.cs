using System.Net;
using Deployster.Application.Routing;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class ForwardedHeadersTests
{
    [Test]
    public async Task Request_WhenForwarded_TellsWhoAskedForWhat()
    {
        var headers = await AskAsync(trusted: null);

        headers.Should().Be("For 127.0.0.1 Proto http Host hello.localhost Port  Real  Forwarded ");
    }

    [Test]
    public async Task Request_WhenNobodyTrustsItsPeer_LosesWhatThatSays()
    {
        var headers = await AskAsync(trusted: "10.0.0.0/8", Spoofed);

        headers.Should().Be("For 127.0.0.1 Proto http Host hello.localhost Port  Real  Forwarded ");
    }

    [Test]
    public async Task Request_WhenItsPeerIsATrustedProxy_KeepsWhatThatSays()
    {
        var headers = await AskAsync(trusted: "127.0.0.0/8", Spoofed);

        headers.Should().Be("For 203.0.113.7, 127.0.0.1 Proto https Host shop.example.com Port 443 Real 203.0.113.7 Forwarded for=203.0.113.7");
    }

    private static (string Name, string Value)[] Spoofed =>
    [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example.com"),
        ("X-Forwarded-Port", "443"), ("X-Real-IP", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"),
    ];

    private static async Task<string> AskAsync(string? trusted, params (string Name, string Value)[] headers)
    {
        await using var unit = await TestUnit.StartAsync("hello", 1, context =>
        {
            var got = context.Request.Headers;
            return context.Response.WriteAsync(
                $"For {got["X-Forwarded-For"]} Proto {got["X-Forwarded-Proto"]} Host {got["X-Forwarded-Host"]} "
                + $"Port {got["X-Forwarded-Port"]} Real {got["X-Real-IP"]} Forwarded {got["Forwarded"]}");
        });
        await using var gateway = await TestGateway.StartAsync(
            options => options with { TrustedProxies = trusted is null ? [] : [IPNetwork.Parse(trusted)] });
        await gateway.RouteAsync(unit.As(UnitTraffic.Serving));
        var client = gateway.CreateClient();
        foreach (var (name, value) in headers)
        {
            client.DefaultRequestHeaders.Add(name, value);
        }

        return await client.GetStringAsync("/");
    }
}
