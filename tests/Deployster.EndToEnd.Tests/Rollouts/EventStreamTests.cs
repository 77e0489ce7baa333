using System.Net.ServerSentEvents;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventStreamTests
{
    private FleetServer _fleet = null!;
    private DeploysterProcess _deployster = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _fleet = await FleetServer.StartAsync(new FleetServerOptions());
        _deployster = await DeploysterProcess.StartAsync($"-fleet={_fleet.Address}");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    [Test]
    public async Task Events_WhenCutAndResumedAgainAndAgain_LoseAndRepeatNothing()
    {
        await _deployster.Api.DeployAsync("web", new { Version = "slow-1", InstanceCount = 5 });

        var seen = new List<string>();
        while (seen.Count == 0 || seen[^1].Split(' ')[1] != "succeeded")
        {
            // One event, then the connection is cut.
            seen.AddRange(await ReadAsync("slow-1", seen.Count == 0 ? null : seen[^1].Split(' ')[0], atMost: 1));
        }

        seen.Should().Equal(await ReadAsync("slow-1", null, int.MaxValue));
        seen.Select(line => line.Split(' ')[0]).Should().Equal(Enumerable.Range(1, seen.Count).Select(id => $"{id}"));
    }

    [Test]
    public async Task Events_WhenDeploysterIsKilledInBetween_GoOnWhereTheyWere()
    {
        await _deployster.Api.DeployAsync("web", new { Version = "slow-1", InstanceCount = 2 });
        var before = await ReadAsync("slow-1", null, atMost: 2);

        await _deployster.KillAsync();
        await _deployster.StartAgainAsync();
        var after = await ReadAsync("slow-1", before[^1].Split(' ')[0], int.MaxValue);

        after[^1].Should().Contain("succeeded");
        before.Concat(after).Select(line => line.Split(' ')[0]).Should()
            .Equal(Enumerable.Range(1, before.Count + after.Count).Select(id => $"{id}"));
    }

    [Test]
    public async Task Follow_WhileTheRolloutIsUnderWay_PrintsLinesAsTheyHappen()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/services/web/deploys?follow=true")
        {
            Content = new StringContent("""{"deploy":{"version":"slow-1"}}""", null, "application/json"),
        };
        using var response = await _deployster.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        var first = await lines.ReadLineAsync();
        var status = (await _deployster.Api.GetAsync("/v1/services/web/deploys/slow-1")).GetProperty("status").GetString();
        var rest = await lines.ReadToEndAsync();

        first.Should().Contain("Deploying web:slow-1");
        status.Should().Be("in_progress", "the first line is here before the end");
        rest.TrimEnd().Split('\n')[^1].Should().StartWith("Deployed");
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string version, string? lastEventId, int atMost)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/services/web/deploys/{version}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await _deployster.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var events = SseParser.Create(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync()).EnumerateAsync();
        return await events.Take(atMost).Select(item => $"{item.EventId} {item.EventType} {item.Data}").ToListAsync();
    }
}
