using System.Net;
using Deployster.Application.Health;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Infrastructure.Health;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests;

/// <summary>A probe asks a real server as its health check says.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HttpHealthProbeTests
{
    [Test]
    public async Task Probe_WhenTheCheckNamesAHost_AsksForThat()
    {
        using var server = new Server(request => request.UserHostName == "checks.example.com" ? 200 : 421);

        (await AskAsync(server, new HealthCheck("/") { Host = HostName.Parse("checks.example.com") })).Should().BeNull();
        (await AskAsync(server, new HealthCheck("/"))).Should().Be("GET / answered 421");
    }

    [Test]
    public async Task Probe_WhenTheCheckNamesAPort_AsksThere()
    {
        using var server = new Server(_ => 200);
        using var probe = new HttpHealthProbe();

        var target = new ProbeTarget(Unit, null, "127.0.0.1:1", Port: 1, new HealthCheck("/") { Port = server.Port });

        (await probe.FindComplaintAsync(target, default)).Should().BeNull();
    }

    [Test]
    public async Task Probe_WhenOnlyTheServicesPortIsPublished_SaysThatTheOtherIsNotReached()
    {
        using var probe = new HttpHealthProbe();

        var target = new ProbeTarget(Unit, null, "127.0.0.1:20001", Port: 3000, new HealthCheck("/") { Port = 3001 });

        (await probe.FindComplaintAsync(target, default)).Should().Be("its port 3001 is not reached: only its port 3000 is published");
    }

    [TestCase("https://example.com/health?a=1", true)]
    [TestCase("https://example.com:8443/health?a=1", true)]
    [TestCase("https://example.com/login", false)]
    [TestCase("http://example.com/health?a=1", false)]
    [TestCase("/health?a=1", false)]
    public async Task Probe_WhenItIsRedirected_PassesOnlyForTheSamePathInHttps(string location, bool passes)
    {
        using var server = new Server(_ => 301, location);

        var complaint = await AskAsync(server, new HealthCheck("/health?a=1"));

        (complaint is null).Should().Be(passes);
    }

    private static UnitName Unit => UnitName.Parse("web:v1:2024.01.02-03.04.05@1.service");

    private static async Task<string?> AskAsync(Server server, HealthCheck check)
    {
        using var probe = new HttpHealthProbe();
        return await probe.FindComplaintAsync(new ProbeTarget(Unit, null, $"127.0.0.1:{server.Port}", server.Port, check), default);
    }

    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Server(Func<HttpListenerRequest, int> answer, string? location = null)
        {
            Port = Testing.FreePort.Find();
            _listener.Prefixes.Add($"http://*:{Port}/");
            _listener.Start();
            _ = ServeAsync(answer, location);
        }

        public int Port { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync(Func<HttpListenerRequest, int> answer, string? location)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    context.Response.StatusCode = answer(context.Request);
                    if (location is not null)
                    {
                        context.Response.Headers["Location"] = location;
                    }

                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
