using System.Net;
using System.Net.Sockets;
using System.Text;
using Deployster.Domain.Specs;
using Deployster.Infrastructure.Docker;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

public sealed class HealthProbesTests
{
    private const string Ok = "HTTP/1.1 204 No Content\r\n\r\n";

    private readonly FakeTimeProvider _time = new();
    private HealthProbes _probes = null!;
    private TcpListener _listener = null!;
    private List<string> _requests = null!;

    [SetUp]
    public void SetUp()
    {
        _probes = new HealthProbes(_time);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _requests = [];
    }

    [TearDown]
    public void TearDown()
    {
        _listener.Dispose();
        _probes.Dispose();
    }

    [Test]
    public async Task FindComplaints_WhenTheOtherSideHangsUp_SaysThatThePortDoesNotAnswer()
    {
        Serve(() => null);

        (await AskAsync(Target())).Should().Be("its port 3000 does not answer");
    }

    [Test]
    public async Task FindComplaints_WhenTheOtherSideWaitsForARequest_HasNone()
    {
        await WaitFor.ValueAsync(() => AskAsync(Target()), complaint => complaint is null, "it passes");
    }

    [Test]
    public async Task FindComplaints_WhenThereIsAPath_AsksForItAsItIs()
    {
        Serve(() => Ok);

        await WaitFor.ValueAsync(() => AskAsync(Target("//a/../b?x=%20&y=/")), complaint => complaint is null, "it passes");

        _requests.Should().ContainSingle().Which.Should()
            .StartWith("GET //a/../b?x=%20&y=/ HTTP/1.1\r\n").And.Contain("Host: localhost\r\n");
    }

    [TestCase("HTTP/1.1 301 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", "GET /health answered 301")]
    [TestCase("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "GET /health answered 404")]
    [TestCase("SSH-2.0-OpenSSH\r\n\r\n", "GET /health did not answer in HTTP")]
    [TestCase(null, "its port 3000 does not answer")]
    public async Task FindComplaints_WhenTheAnswerIsNotGood_SaysWhy(string? answer, string complaint)
    {
        Serve(() => answer);

        await WaitFor.ValueAsync(() => AskAsync(Target("/health")), said => said == complaint, complaint);
    }

    [Test]
    public async Task FindComplaints_WhenTheIntervalHasNotPassed_RemembersTheAnswer()
    {
        Serve(() => Ok);
        await WaitFor.ValueAsync(() => AskAsync(Target("/health")), complaint => complaint is null, "it passes");

        await AskAsync(Target("/health"));
        var before = _requests.Count;
        _time.Advance(TimeSpan.FromSeconds(5));
        await AskAsync(Target("/health"));

        before.Should().Be(1);
        await WaitFor.TrueAsync(() => _requests.Count == 2, "it is asked again");
    }

    [Test]
    public async Task FindComplaints_WhenAContainerHasBeenRestarted_ForgetsItsAnswer()
    {
        var isUp = true;
        Serve(() => isUp ? Ok : null);
        await WaitFor.ValueAsync(() => AskAsync(Target("/health")), complaint => complaint is null, "it passes");
        isUp = false;

        (await AskAsync(Target("/health") with { StartedAt = "later" })).Should().NotBeNull();
    }

    [Test]
    public async Task FindComplaints_WhenAContainerIsGone_ForgetsIt()
    {
        Serve(() => Ok);
        await WaitFor.ValueAsync(() => AskAsync(Target("/health")), complaint => complaint is null, "it passes");

        (await _probes.FindComplaintsAsync([], default)).Should().BeEmpty();
        await AskAsync(Target("/health"));

        await WaitFor.TrueAsync(() => _requests.Count == 2, "it is asked anew");
    }

    private ProbeTarget Target(string? path = null) => new(
        "id", "now", (IPEndPoint)_listener.LocalEndpoint, 3000, path is null ? null : new HealthCheck(path) { Interval = TimeSpan.FromSeconds(5) });

    private async Task<string?> AskAsync(ProbeTarget target) => (await _probes.FindComplaintsAsync([target], default)).Single().Value;

    private async void Serve(Func<string?> answer)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                if (answer() is { } text)
                {
                    var buffer = new byte[4096];
                    _requests.Add(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
