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

    [TestCase("X-Forwarded-Ssl")]
    [TestCase("x-forwarded-ssl")]
    [TestCase("X-Forwarded-Server")]
    [TestCase("X-Forwarded-Client-Cert")]
    [TestCase("X_Forwarded_For")]
    [TestCase("x_forwarded_proto")]
    [TestCase("X-Forwarded_For")]
    [TestCase("X_FORWARDED-HOST")]
    [TestCase("X_Real_IP")]
    [TestCase("X-Real_Ip")]
    [TestCase("FORWARDED")]
    [TestCase("X.Forwarded.For")]
    [TestCase("X-Client-IP")]
    [TestCase("Client_IP")]
    [TestCase("True-Client-IP")]
    [TestCase("Front-End-Https")]
    [TestCase("X-Scheme")]
    [TestCase("X-Original-Host")]
    public async Task Request_WhenNobodyTrustsItsPeer_LosesEverySpellingOfIt(string name)
    {
        var names = await AskForNamesAsync(trusted: null, (name, "203.0.113.7"));

        names.Should().BeEquivalentTo("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host");
    }

    [Test]
    public async Task Request_WhenItsPeerIsATrustedProxy_LosesOnlySpellingsThatNoProxyWrites()
    {
        var names = await AskForNamesAsync(
            trusted: "127.0.0.0/8", ("X-Forwarded-Ssl", "on"), ("X_Forwarded_For", "203.0.113.7"), ("X_Real_IP", "203.0.113.7"));

        names.Should().BeEquivalentTo("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Ssl");
    }

    [Test]
    public async Task Request_WhenItsConnectionNamesTheHeaders_TellsThemAllTheSame()
    {
        var headers = await AskAsync(trusted: null, ("Connection", "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host"));

        headers.Should().Be("For 127.0.0.1 Proto http Host hello.localhost Port  Real  Forwarded ");
    }

    private static (string Name, string Value)[] Spoofed =>
    [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example.com"),
        ("X-Forwarded-Port", "443"), ("X-Real-IP", "203.0.113.7"), ("Forwarded", "for=203.0.113.7"),
    ];

    private static Task<string> AskAsync(string? trusted, params (string Name, string Value)[] headers) => AskAsync(
        trusted,
        got => $"For {got["X-Forwarded-For"]} Proto {got["X-Forwarded-Proto"]} Host {got["X-Forwarded-Host"]} "
            + $"Port {got["X-Forwarded-Port"]} Real {got["X-Real-IP"]} Forwarded {got["Forwarded"]}",
        headers);

    // Those that a client writes besides are "Host" alone.
    private static async Task<string[]> AskForNamesAsync(string? trusted, params (string Name, string Value)[] headers) =>
        (await AskAsync(trusted, got => string.Join(' ', got.Keys.Where(name => name is not ("Host" or "X-Request-Id"))), headers)).Split(' ');

    private static async Task<string> AskAsync(
        string? trusted, Func<IHeaderDictionary, string> tell, (string Name, string Value)[] headers)
    {
        await using var unit = await TestUnit.StartAsync(
            "hello", 1, context => context.Response.WriteAsync(tell(context.Request.Headers)));
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
