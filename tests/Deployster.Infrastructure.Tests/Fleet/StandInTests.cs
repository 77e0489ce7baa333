using System.Net.Http.Json;
using System.Text.Json;
using Deployster.FleetStandIn;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>What the transcript does not show of the lives of units, but tests rely on.</summary>
public sealed class StandInTests
{
    private readonly FakeTimeProvider _time = new();
    private FleetServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _server = await FleetServer.StartAsync(new FleetServerOptions { Time = _time });
        _client = _server.CreateClient();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [TestCase("v1", 0, null)]
    [TestCase("v1", 30, "inactive/dead")]
    [TestCase("v1", 50, "activating/start-pre")]
    [TestCase("v1", 70, "activating/start-post")]
    [TestCase("v1", 100_000, "active/running")]
    [TestCase("slow", 2_000, "activating/start-post")]
    [TestCase("slow", 4_000, "active/running")]
    [TestCase("fails", 100_000, "failed/failed")]
    [TestCase("noimage", 150, "activating/start-pre")]
    [TestCase("noimage", 100_000, "failed/failed")]
    [TestCase("never", 100_000, "activating/start-post")]
    [TestCase("loops", 150, "activating/auto-restart")]
    [TestCase("ends", 100_000, "inactive/dead")]
    [TestCase("dies", 1_000, "active/running")]
    [TestCase("dies", 2_000, "failed/failed")]
    [TestCase("homeless", 100_000, null)]
    public async Task Unit_WhenTimeHasPassed_BehavesAsItsVersionTells(string version, int milliseconds, string? words)
    {
        await PutAsync(version);

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        (await StateAsync()).Should().Be(words);
    }

    [Test]
    public async Task Unit_WhenItIsDestroyed_StopsAfterItIsGone()
    {
        await PutAsync("v1");
        _time.Advance(TimeSpan.FromSeconds(1));

        (await _client.DeleteAsync(Path("v1"))).Dispose();

        (await _client.GetStringAsync("/fleet/v1/units")).Should().Be("{}");
        (await StateAsync()).Should().Be("deactivating/stop-sigterm");
        _time.Advance(TimeSpan.FromSeconds(1));
        (await StateAsync()).Should().BeNull();
    }

    private static string Path(string version) => $"/fleet/v1/units/web:{version}:2015.03.02-00.31.45@1.service";

    private async Task PutAsync(string version) => (await _client.PutAsJsonAsync(
        Path(version),
        new { desiredState = "launched", options = new[] { new { section = "Service", name = "ExecStart", value = "/bin/true" } } }))
        .EnsureSuccessStatusCode().Dispose();

    private async Task<string?> StateAsync()
    {
        var page = await _client.GetFromJsonAsync<JsonElement>("/fleet/v1/state");
        return page.TryGetProperty("states", out var states)
            ? $"{states[0].GetProperty("systemdActiveState")}/{states[0].GetProperty("systemdSubState")}"
            : null;
    }
}
