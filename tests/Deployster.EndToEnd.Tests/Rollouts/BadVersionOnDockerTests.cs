using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

[Parallelizable(ParallelScope.Children)]
public sealed class BadVersionOnDockerTests
{
    private readonly TestEngine _engine = new();
    private DeploysterProcess _deployster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _deployster = await DeploysterProcess.StartAsync(
        "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public Task Deploy_WhenTheContainerExitsAtOnce_RollsBackWithItsExitCodeAndLastLines() =>
        RollsBackAsync(SampleImage.ExitsAtOnce, new { Version = "bad", DestroyPrevious = true, Deadline = 30 }, "exit code 3", "cannot go on");

    [Test]
    public Task Deploy_WhenThePortNeverOpens_RollsBackWithThePort() =>
        RollsBackAsync(SampleImage.NeverListens, new { Version = "bad", DestroyPrevious = true, Deadline = 6 }, "3000", "version bad starts");

    [Test]
    public Task Deploy_WhenTheHealthPathAnswers500_RollsBackWithTheAnswer() =>
        RollsBackAsync(
            SampleImage.UnhealthyPath,
            new { Version = "bad", DestroyPrevious = true, Deadline = 6, HealthCheck = new { Path = "/health" } },
            "GET /health answered 500");

    [Test]
    public Task Deploy_WhenItDiesAfterItWasHealthy_RollsBackBeforeItTakesOver() =>
        RollsBackAsync(
            SampleImage.DiesAfter(2),
            new { Version = "bad", DestroyPrevious = true, MinHealthySeconds = 5, Deadline = 40 },
            "restarted 3 times");

    [Test]
    public Task Deploy_WhenTheImageDoesNotExist_RollsBackWithTheEnginesWords() =>
        RollsBackAsync(null, new { Version = "bad", DestroyPrevious = true, Deadline = 15 }, "bad");

    private async Task RollsBackAsync(SampleImage? bad, object deploy, params string[] reasons)
    {
        var service = _engine.NewService();
        await _engine.BuildAsync(SampleImage.Good, service, "good");
        if (bad is not null)
        {
            await _engine.BuildAsync(bad, service, "bad");
        }

        await _deployster.Api.DeployAsync(service, new { Version = "good", InstanceCount = 2 });
        (await _deployster.Api.WaitForEndAsync(service, "good")).GetProperty("status").GetString().Should().Be("succeeded");
        var before = await _engine.ContainersOfAsync(service);

        await _deployster.Api.DeployAsync(service, deploy);
        var ended = await _deployster.Api.WaitForEndAsync(service, "bad", TimeSpan.FromSeconds(90));

        ended.GetProperty("status").GetString().Should().Be("rolled_back");
        ended.GetProperty("message").GetString().Should().ContainAll(reasons);
        (ended.GetProperty("ended_at").GetDateTimeOffset() - ended.GetProperty("requested_at").GetDateTimeOffset())
            .Should().BeLessThan(TimeSpan.FromSeconds(ended.GetProperty("spec").GetProperty("deadline").GetInt32() + 15));
        (await _engine.ContainersOfAsync(service)).Should().BeEquivalentTo(before);
        using var events = new HttpRequestMessage(HttpMethod.Get, $"/v1/services/{service}/deploys/bad/events");
        (await (await _deployster.Api.Http.SendAsync(events)).Content.ReadAsStringAsync()).Should().ContainAll(reasons);
    }
}
