using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Deployster.FleetStandIn;
using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

/// <summary>Replays what was recorded from a real fleet against the stand-in, so that the stand-in is held to the facts.</summary>
public sealed class TranscriptTests
{
    private static readonly IReadOnlyList<Exchange> s_transcript = Exchange.ReadTranscript();

    // How long the recorder waited before a request.
    private static readonly Dictionary<string, int> s_secondsBefore = new()
    {
        ["get unit, launched"] = 4,
        ["get unit, inactive"] = 4,
        ["state once loaded"] = 4,
        ["states: failed, start-pre, start-post, dead, auto-restart"] = 4,
        ["states later"] = 8,
        ["unit that found a machine"] = 4,
    };

    private static readonly Dictionary<string, UnitBehavior> s_behaviors = new()
    {
        ["fails.service"] = UnitBehavior.FailsAtOnce,
        ["slow.service"] = UnitBehavior.Healthy with { StartPre = TimeSpan.FromSeconds(6) },
        ["post.service"] = UnitBehavior.Healthy with { StartPost = TimeSpan.FromSeconds(8) },
        ["done.service"] = UnitBehavior.EndsWell,
        ["loop.service"] = UnitBehavior.CrashLoops with { StartPre = TimeSpan.Zero, RestartDelay = TimeSpan.FromSeconds(2) },
        // Of the two that exclude each other the recorded fleet took the second.
        ["spread@1.service"] = UnitBehavior.Homeless,
    };

    private readonly Dictionary<string, RecordedResponse> _answers = [];

    [OneTimeSetUp]
    public async Task ReplayAsync()
    {
        var time = new FakeTimeProvider();
        await using var server = await FleetServer.StartAsync(new FleetServerOptions
        {
            Behavior = unit => s_behaviors.GetValueOrDefault(unit.Name, UnitBehavior.Healthy),
            Time = time,
        });
        using var client = server.CreateClient();
        foreach (var exchange in s_transcript)
        {
            time.Advance(TimeSpan.FromSeconds(s_secondsBefore.GetValueOrDefault(exchange.Name)));
            if (exchange.Name == "page 1 of 250+ units")
            {
                server.Clear();
                await CreateManyAsync(client);
            }

            _answers[exchange.Name] = await SendAsync(client, exchange.Request);
        }
    }

    [TestCaseSource(nameof(s_transcript))]
    public void StandIn_WhenAskedAsFleetWas_AnswersAsFleetDid(Exchange exchange)
    {
        var answer = _answers[exchange.Name];

        answer.Status.Should().Be(exchange.Response.Status);
        answer.Headers.Should().BeEquivalentTo(exchange.Response.Headers);
        Normalize(answer.Body).Should().Be(Normalize(exchange.Response.Body));
    }

    private static async Task CreateManyAsync(HttpClient client)
    {
        foreach (var number in Enumerable.Range(1, 250))
        {
            await SendAsync(client, new RecordedRequest(
                "PUT",
                $"/fleet/v1/units/page:v{number % 3}:2015.03.02-00.31.45@{number}.service",
                "application/json",
                """{"desiredState":"inactive","options":[{"section":"Service","name":"ExecStart","value":"/bin/true"}]}"""));
        }
    }

    private static async Task<RecordedResponse> SendAsync(HttpClient client, RecordedRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body));
            message.Content.Headers.ContentType =
                request.ContentType is null ? null : MediaTypeHeaderValue.Parse(request.ContentType);
        }

        try
        {
            using var response = await client.SendAsync(message);
            var headers = new Dictionary<string, string> { ["Server"] = response.Headers.Server.ToString() };
            if (response.Content.Headers.ContentType is { } contentType)
            {
                headers["Content-Type"] = contentType.ToString();
            }

            return new RecordedResponse((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return new RecordedResponse(0, new Dictionary<string, string>(), "");
        }
    }

    private static string Normalize(string body)
    {
        if (body.Length == 0)
        {
            return "";
        }

        return Sort(JsonNode.Parse(body))!.ToJsonString();
    }

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => KeyValuePair.Create(property.Key, Sort(property.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
