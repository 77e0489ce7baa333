using System.Net.Http.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>The engine goes away while tasks run, and comes back.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineRestartTests
{
    private PrivateEngine _engine = null!;
    private DeploysterProcess _deployster = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _engine = await PrivateEngine.StartAsync(SampleImage.Good, "web:v1");
        _deployster = await DeploysterProcess.StartAsync("-fleet=docker", $"-docker={_engine.Endpoint}");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public async Task Run_WhenEngineIsRestarted_TellsTheEndAndLeavesNoContainer()
    {
        using var response = await BeginAsync("trap 'echo told to stop; exit 4' TERM; echo begins; sleep 60 & wait");
        var answer = TaskAnswer.ReadAsync(response);
        await WaitForLogAsync("has started");

        await _engine.StopAsync();
        await _engine.StartAgainAsync();

        var text = (await answer.WaitAsync(WaitFor.Limit)).Text;
        text.Should().MatchRegex(@"\Abegins\ntold to stop\n\nExited \(4\)( The engine was away.*)?\n\z");
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task Run_WhenEngineIsKilledAndStartedAgain_TellsAnEndAndLeavesNoContainer()
    {
        using var response = await BeginAsync("echo begins; sleep 60");
        var answer = TaskAnswer.ReadAsync(response);
        await WaitForLogAsync("has started");

        await _engine.KillAsync();
        await _engine.StartAgainAsync();

        var text = (await answer.WaitAsync(WaitFor.Limit)).Text;
        text.Should().MatchRegex(@"\Abegins\n\nExited \([1-9]\d*\).*\n\z");
        await NothingIsLeftAsync();
    }

    [Test]
    public async Task Run_WhenEngineIsAway_Is503WithTheSocketAndTheCause()
    {
        await _engine.StopAsync();

        using var response = await BeginAsync("true");

        ((int)response.StatusCode).Should().Be(503);
        (await response.Content.ReadAsStringAsync()).Should().Contain(_engine.Endpoint).And.MatchRegex("No such file|refused");
        await _engine.StartAgainAsync();
    }

    private Task<HttpResponseMessage> BeginAsync(string script)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/services/web/tasks")
        {
            Content = JsonContent.Create(new { task = new { version = "v1", command = new[] { "sh", "-c", script } } }),
        };
        return _deployster.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private Task WaitForLogAsync(string text) =>
        WaitFor.TrueAsync(() => _deployster.Log.Contains(text, StringComparison.Ordinal), text);

    private async Task NothingIsLeftAsync() =>
        await WaitFor.ValueAsync(_engine.ContainersAsync, left => left.Count == 0, "no container is left");
}
