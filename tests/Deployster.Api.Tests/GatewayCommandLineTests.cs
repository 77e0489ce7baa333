using System.Net;
using Deployster.Api.CommandLine;
using Deployster.Gateway;
using Deployster.Gateway.Standalone;

namespace Deployster.Api.Tests;

/// <summary>The options of the gateway, within the server and alone.</summary>
internal sealed class GatewayCommandLineTests
{
    [Test]
    public async Task Gateway_WhenNobodySaysAnything_ListensForServicesOfLocalhost()
    {
        var options = (await ServeAsync())!;

        options.Gateway!.Listen.Should().Be(new IPEndPoint(IPAddress.Any, 8080));
        options.Gateway.TrustedProxies.Should().BeEmpty();
        options.Domain.Should().Be("localhost");
        options.DrainTimeout.Should().Be(TimeSpan.FromSeconds(30));
    }

    [TestCase("-gateway-listen=")]
    [TestCase("-gateway-listen", "")]
    public async Task Gateway_WhenItsAddressIsEmpty_IsOff(params string[] args) =>
        (await ServeAsync(args))!.Gateway.Should().BeNull();

    [Test]
    public async Task Gateway_WhenTheFleetRoutesByItself_IsOffUnlessAskedFor()
    {
        (await ServeAsync("-fleet=unix:///run/fleet.sock"))!.Gateway.Should().BeNull();
        (await ServeAsync("-fleet=unix:///run/fleet.sock", "-gateway-listen=:8080")).Should().BeNull();
    }

    [Test]
    public async Task Options_WhenGiven_AreRead()
    {
        var options = (await ServeAsync(
            "-gateway-listen=127.0.0.1:80", "-trusted-proxies=10.0.0.0/8, 192.0.2.1", "-domain=example.com", "-drain-timeout=5"))!;

        options.Gateway!.Listen.Should().Be(IPEndPoint.Parse("127.0.0.1:80"));
        options.Gateway.TrustedProxies.Should().Equal(IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("192.0.2.1/32"));
        options.Domain.Should().Be("example.com");
        options.DrainTimeout.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task Front_WhenGiven_IsRead()
    {
        var gateway = (await ServeAsync(
            "-gateway-https-listen=:8443", "-gateway-certs=/nowhere/certs", "-gateway-redirect=false", "-gateway-hsts=3600", "-acme-webroot=/nowhere/web",
            "-gateway-error-pages=/tmp", "-gateway-access-log=stdout", "-hold=3", "-gateway-unit-idle=5", "-gateway-max-request-line=4096",
            "-gateway-max-headers-size=8192", "-gateway-max-headers=50"))!.Gateway!;

        gateway.Should().BeEquivalentTo(new
        {
            HttpsListen = IPEndPoint.Parse("0.0.0.0:8443"),
            Certs = "/nowhere/certs",
            RedirectsToHttps = false,
            StrictTransport = TimeSpan.FromHours(1),
            AcmeWebRoot = "/nowhere/web",
            ErrorPages = "/tmp",
            AccessLog = "stdout",
            Hold = TimeSpan.FromSeconds(3),
            UnitIdle = TimeSpan.FromSeconds(5),
            MaxRequestLine = 4096,
            MaxHeadersSize = 8192,
            MaxHeaders = 50,
        });
    }

    [TestCase("-gateway-https-listen=:8443")]
    [TestCase("-gateway-redirect=maybe")]
    [TestCase("-gateway-hsts=0")]
    [TestCase("-gateway-error-pages=/nowhere")]
    [TestCase("-hold=301")]
    [TestCase("-gateway-unit-idle=0")]
    [TestCase("-gateway-max-request-line=1")]
    [TestCase("-gateway-max-headers=1")]
    [TestCase("-network=host")]
    [TestCase("-publish=nowhere")]
    [TestCase("-trusted-proxies=nobody")]
    [TestCase("-gateway-listen=nowhere")]
    [TestCase("-domain=http://example.com")]
    [TestCase("-drain-timeout=soon")]
    [TestCase("-gateway-cert=/dev/null")]
    public async Task Option_WhenItCannotBeUsed_IsRefused(string option) => (await ServeAsync(option)).Should().BeNull();

    [Test]
    public async Task Alone_WhenToldWhomToFollow_Does()
    {
        var (gateway, standalone) = await AloneAsync("-api=https://deployster.example.com:3000", "-password=p", "-gateway-listen=:80");

        gateway!.Listen.Should().Be(new IPEndPoint(IPAddress.Any, 80));
        standalone!.Api.Should().Be(new Uri("https://deployster.example.com:3000"));
        (standalone.Username, standalone.Password).Should().Be(("deployster", "p"));
        standalone.Name.Should().Be($"{Environment.MachineName}:80");
    }

    [TestCase("-password=p")]
    [TestCase("-api=deployster.example.com", "-password=p")]
    [TestCase("-api=https://deployster.example.com")]
    [TestCase("-api=https://deployster.example.com", "-password=p", "-gateway-listen=")]
    [TestCase("-api=https://deployster.example.com", "-password=p", "-api-ca=/dev/null")]
    public async Task Alone_WhenSomethingIsMissing_IsRefused(params string[] args) => (await AloneAsync(args)).Gateway.Should().BeNull();

    private static async Task<DeploysterOptions?> ServeAsync(params string[] args)
    {
        DeploysterOptions? read = null;
        var exitCode = await DeploysterCommand.RunAsync(
            [.. args, "-password=x"],
            options =>
            {
                read = options;
                return Task.CompletedTask;
            },
            (_, _) => Task.CompletedTask);
        exitCode.Should().Be(read is null ? DeploysterCommand.UsageError : 0);
        return read;
    }

    private static async Task<(GatewayOptions? Gateway, StandaloneOptions? Standalone)> AloneAsync(params string[] args)
    {
        (GatewayOptions?, StandaloneOptions?) read = default;
        var exitCode = await DeploysterCommand.RunAsync(
            ["gateway", .. args],
            _ => Task.CompletedTask,
            (gateway, standalone) =>
            {
                read = (gateway, standalone);
                return Task.CompletedTask;
            });
        exitCode.Should().Be(read.Item1 is null ? DeploysterCommand.UsageError : 0);
        return read;
    }
}
