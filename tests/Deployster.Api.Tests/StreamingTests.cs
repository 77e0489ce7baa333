using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Deployster.Domain.Units;

namespace Deployster.Api.Tests;

/// <summary>Progress as it happens: as lines for a reader, and as server-sent events.</summary>
internal sealed class StreamingTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Follow_WritesEachLineAsItHappensAndTheOutcomeLast()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        using var response = await FollowAsync(server, """{"version":"v1"}""");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
        (await NextAsync(lines)).Should().MatchRegex(@"^\d\d:\d\d:\d\d Deploying railsapp:v1:.* \(1\)$");
        (await NextAsync(lines)).Should().MatchRegex(@"^\d\d:\d\d:\d\d Launching railsapp:v1:.*@1\.service$");
        (await NextAsync(lines)).Should().EndWith("is preparing", "it is there before the rollout goes on");
        server.Fleet.Heal("v1");

        (await NextAsync(lines)).Should().EndWith("is healthy");
        (await NextAsync(lines)).Should().EndWith("Its unit is healthy.");
        (await NextAsync(lines)).Should().Be("Deployed: Its unit is healthy.");
        (await NextAsync(lines)).Should().BeNull();
    }

    [Test]
    public async Task Follow_OfADeployThatFails_EndsWithTheReason()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Failed, null);
        server.Fleet.LastLines = (_, _) => ["boom"];

        using var response = await FollowAsync(server, """{"version":"v1","timestamp":"2015.03.02-00.31.45"}""");
        var lines = (await response.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');

        lines[^1].Should().Be("Failed: railsapp:v1:2015.03.02-00.31.45@1.service failed");
        lines[^2].Should().Be("         | boom");
    }

    [Test]
    public async Task Follow_OfADeployThatIsRefused_IsAProblem()
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await server.PostAsync("/v1/services/railsapp/deploys?follow=true", """{"deploy":{}}""");

        answer.ShouldBeProblem(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Follow_WhenTheReaderGoesAway_LetsTheDeployGoOn()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        using (var response = await FollowAsync(server, """{"version":"v1"}"""))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            await NextAsync(lines);
        }

        server.Fleet.Heal("v1");

        (await server.EndAsync("v1")).GetProperty("status").GetString().Should().Be("succeeded");
    }

    [Test]
    public async Task Events_ArriveAsTheyHappenWithTheirNumbers()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        await server.DeployAsync("""{"version":"v1"}""");
        using var response = await EventsAsync(server, "v1");
        await using var events = SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        var first = await NextAsync(events);
        (first!.Value.EventId, first.Value.EventType).Should().Be(("1", "requested"));
        JsonElement.Parse(first.Value.Data).GetProperty("kind").GetString().Should().Be("requested");
        (await NextAsync(events))!.Value.EventType.Should().Be("launching");
        (await NextAsync(events))!.Value.EventType.Should().Be("unit_state");
        server.Fleet.Heal("v1");

        var rest = new List<string>();
        while (await NextAsync(events) is { } happened)
        {
            rest.Add($"{happened.EventId} {happened.EventType}");
        }

        rest.Should().Equal("4 unit_state", "5 healthy", "6 succeeded");
    }

    [Test]
    public async Task Events_CutAnywhereAndResumed_LoseAndRepeatNothing()
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1","instance_count":3}""");
        await server.EndAsync("v1");
        var all = await ReadAllAsync(server, null);

        for (var cut = 0; cut <= all.Count; cut++)
        {
            (await ReadAllAsync(server, cut == 0 ? null : all[cut - 1].EventId)).Should().Equal(all.Skip(cut));
        }
    }

    [TestCase("nonsense")]
    [TestCase("-1")]
    [TestCase("99999999999999999999")]
    public async Task Events_AfterWhatIsNoNumber_AreAllTold(string lastEventId)
    {
        await using var server = await ApiServer.StartAsync();
        await server.DeployAsync("""{"version":"v1"}""");
        await server.EndAsync("v1");

        (await ReadAllAsync(server, lastEventId)).Should().Equal(await ReadAllAsync(server, null));
    }

    [Test]
    public async Task Events_OfADeployThatNobodyKnows_Are404()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/v1/services/railsapp/deploys/v1/events")).ShouldBeProblem(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Stop_WithOpenStreams_DoesNotWaitForThem()
    {
        await using var server = await ApiServer.StartAsync();
        server.Fleet.Becomes = _ => (Phase.Preparing, null);
        using var follow = await FollowAsync(server, """{"version":"v1"}""");
        using var events = await EventsAsync(server, "v1");

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(5));

        (await follow.Content.ReadAsStringAsync()).Should().Contain("Deploying");
        server.Log.Lines.Should().NotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private static async Task<HttpResponseMessage> FollowAsync(ApiServer server, string deploy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/services/railsapp/deploys?follow=true")
        {
            Content = ApiServer.Json($$"""{"deploy":{{deploy}}}"""),
        };
        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<HttpResponseMessage> EventsAsync(ApiServer server, string version, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/services/railsapp/deploys/{version}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<List<(string? EventId, string Type, string Data)>> ReadAllAsync(ApiServer server, string? lastEventId)
    {
        using var response = await EventsAsync(server, "v1", lastEventId);
        return await SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync()
            .Select(item => (item.EventId, item.EventType, item.Data))
            .ToListAsync();
    }

    private static Task<string?> NextAsync(StreamReader lines) => lines.ReadLineAsync().WaitAsync(s_limit);

    private static async Task<SseItem<string>?> NextAsync(IAsyncEnumerator<SseItem<string>> events) =>
        await events.MoveNextAsync().AsTask().WaitAsync(s_limit) ? events.Current : null;
}
