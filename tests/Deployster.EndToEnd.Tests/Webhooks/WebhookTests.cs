using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployster.EndToEnd.Tests.Contract;
using Deployster.EndToEnd.Tests.Tasks;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Webhooks;

/// <summary>A tool and a chat are told of a deploy and a task, whoever of them, or Deployster, is down meanwhile.</summary>
public sealed class WebhookTests
{
    private static readonly string[] s_events = ["deploy.requested", "deploy.succeeded", "task.ended"];

    private readonly string _secretFile = Path.GetTempFileName();
    private TestReceiver _tool = null!;
    private TestReceiver _chat = null!;
    private TaskScene _scene = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_tool, _chat) = (new TestReceiver(), new TestReceiver());
        await File.WriteAllTextAsync(_secretFile, "geheim\n");
        _scene = await TaskScene.StartAsync($"-webhook={_tool.Url},slack+{_chat.Url}", $"-webhook-secret-file={_secretFile}");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _scene.DisposeAsync();
        _tool.Dispose();
        _chat.Dispose();
        File.Delete(_secretFile);
    }

    [Test]
    public async Task Receivers_WhenOneIsDownAndDeploysterIsKilled_AreToldAllInOrder()
    {
        _tool.GoDown();
        FailFirst(_chat);
        await _scene.Api.DeployAsync(_scene.Service, new { TaskScene.Version, Env = new Dictionary<string, string> { ["TOKEN"] = "s3cret-value" } });
        await _scene.Api.WaitForEndAsync(_scene.Service, TaskScene.Version);
        (await _scene.RunAsync("exit 3")).ExitCode.Should().Be("3");
        await WaitFor.TrueAsync(() => EventsOf(_chat).SequenceEqual([s_events[0], .. s_events]), "the chat is told, the first event twice");

        await _scene.Deployster.KillAsync();
        _tool.GoUp();
        await _scene.Deployster.StartAgainAsync();

        await WaitFor.TrueAsync(() => EventsOf(_tool).SequenceEqual(s_events), "the tool is told");
        var texts = _tool.Requests.Select(request => request.Json.GetProperty("text").GetString()).ToList();
        texts.Should().Equal(
            $"Deploy of {_scene.Service}:v1 requested by deployster: 1 unit.",
            $"Deploy of {_scene.Service}:v1 succeeded: Its unit is healthy.",
            $"Task sh -c exit 3 of {_scene.Service}:v1 ended: Exited (3)");
        _chat.Requests.Skip(1).Select(request => Encoding.UTF8.GetString(request.Body))
            .Should().Equal(texts.Select(text => JsonSerializer.Serialize(new { text })));
        _chat.Requests.Take(2).Select(request => request.Headers["X-Deployster-Delivery"]).Distinct()
            .Should().ContainSingle("a delivery that is repeated has the same id");
        await CheckToolAsync();
        _tool.Requests.Should().HaveCount(3, "nobody is told anything twice");
        _chat.Requests.Should().HaveCount(4);
        _scene.Deployster.Log.Should().Contain("127.0.0.1 has not taken deploy.requested").And.NotContainAny("s3cret", "t0ken", "geheim");
    }

    private async Task CheckToolAsync()
    {
        var document = JsonNode.Parse(await _scene.Api.Http.GetStringAsync("/swagger/v1/swagger.json?version=3.1"))!;
        var described = new DescribedApi(document);
        foreach (var request in _tool.Requests)
        {
            request.Headers["X-Deployster-Signature-256"].Should().Be(
                $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("geheim"u8.ToArray(), request.Body))}");
            var name = request.Headers["X-Deployster-Event"]!;
            var operation = document["webhooks"]![name]!["post"]!;
            described.FaultsOf(Encoding.UTF8.GetString(request.Body), operation["requestBody"]!["content"]!["application/json"]!["schema"]!)
                .Should().BeEmpty("{0} is as the document describes it", name);
            request.Json.GetProperty("event").GetString().Should().Be(name);
            operation["parameters"]!.AsArray().Select(header => request.Headers[header!["name"]!.GetValue<string>()])
                .Should().HaveCount(3).And.NotContainNulls();
        }

        _tool.Requests.Select(request => request.Headers["X-Deployster-Delivery"]).Should().OnlyHaveUniqueItems();
        var deploys = _tool.Requests.Take(2).Select(request => request.Json.GetProperty("deploy")).ToList();
        deploys.Select(deploy => deploy.GetProperty("status").GetString()).Should().Equal("in_progress", "succeeded");
        deploys.Should().OnlyContain(deploy => deploy.GetProperty("spec").GetProperty("env").GetRawText() == """{"TOKEN":null}""");
        _tool.Requests.Last().Json.GetProperty("task").GetProperty("exit_code").GetInt32().Should().Be(3);
    }

    private static List<string?> EventsOf(TestReceiver receiver) => [.. receiver.Requests.Select(request => request.Headers["X-Deployster-Event"])];

    private static void FailFirst(TestReceiver receiver)
    {
        var seen = new ConcurrentQueue<int>();
        receiver.Answer = (_, response) =>
        {
            response.StatusCode = seen.IsEmpty ? 500 : 200;
            seen.Enqueue(response.StatusCode);
            return Task.CompletedTask;
        };
    }
}
