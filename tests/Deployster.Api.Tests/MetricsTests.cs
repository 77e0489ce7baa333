using System.Net;
using Deployster.Domain.Units;

namespace Deployster.Api.Tests;

// Meters are known to the whole process: other servers must not be at work.
[NonParallelizable]
internal sealed class MetricsTests
{
    private ApiServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Metrics_WithoutAPassword_Are401() =>
        (await _server.SendAsync(HttpMethod.Get, "/metrics", null, new("Bearer", "none"))).Status.Should().Be(HttpStatusCode.Unauthorized);

    [Test]
    public async Task Metrics_AfterARolloutAndWithinAnother_CountBothAndTheRequests()
    {
        await _server.DeployAsync("""{"version":"v1"}""");
        await _server.EndAsync("v1");
        _server.Fleet.Becomes = _ => (Phase.Running, null);
        await _server.DeployAsync("""{"version":"v2"}""");

        // What is scraped may be a moment old.
        var metrics = await WaitFor.ValueAsync(
            async () => (await _server.GetAsync("/metrics")).Body, text => text.Contains("deployster_rollouts_under_way"), "the metrics");

        Value(metrics, "deployster_rollouts_under_way{").Should().Be(1);
        Value(metrics, "deployster_deploys_ended_total{", "outcome=\"succeeded\"").Should().Be(1);
        Value(metrics, "http_server_request_duration_seconds_count{", "http_response_status_code=\"201\"").Should().Be(2);
    }

    private static double Value(string metrics, string name, string label = "") => metrics.Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Select(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture))
        .Single();
}
