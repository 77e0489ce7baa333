using Deployster.Domain.Specs;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class UnitStateTests
{
    [Test]
    public async Task State_WhenTheServiceAnswers_IsRunning()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.Good);

        var state = await fleet.WaitForStateAsync(unit, "active/running");
        state.Detail.Should().BeNull();
        state.Restarts.Should().Be(0);
        state.MachineId.Should().NotBeNullOrEmpty();
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri($"http://{state.Endpoint}/"))).Should().StartWith("version v");
    }

    [Test]
    public async Task State_WhenNobodyListens_StaysBeforeRunning()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.NeverListens);

        var state = await fleet.WaitForStateAsync(unit, state => state.Detail == "its port 3000 does not answer", "silent");
        state.Words.Should().Be("activating/start-post");
        state.Endpoint.Should().StartWith("127.0.0.1:");
    }

    [Test]
    public async Task State_WhenTheHealthPathFails_SaysWhatItAnswered()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(
            SampleImage.UnhealthyPath, DeploySpec.Default with { HealthCheck = new HealthCheck("/health") });

        var state = await fleet.WaitForStateAsync(unit, state => state.Detail == "GET /health answered 500", "ill");
        state.Words.Should().Be("activating/start-post");
    }

    [Test]
    public async Task State_WhenTheHealthPathIsTooSlow_SaysSo()
    {
        await using var fleet = new DockerFleet();
        var check = new HealthCheck("/health") { Timeout = TimeSpan.FromSeconds(0.5) };

        var unit = await fleet.LaunchAsync(SampleImage.AnswersAfter(3), DeploySpec.Default with { HealthCheck = check });

        var state = await fleet.WaitForStateAsync(unit, state => state.Detail == "GET /health did not answer within 0.5 s", "slow");
        state.Words.Should().Be("activating/start-post");
    }

    [Test]
    public async Task State_WhenAnAnswerTakesItsTime_IsRunningInTheEnd()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(
            SampleImage.AnswersAfter(1), DeploySpec.Default with { HealthCheck = new HealthCheck("/health") });

        await fleet.WaitForStateAsync(unit, "active/running");
    }

    [Test]
    public async Task State_WhenAHealthyServiceFallsSilent_IsBeforeRunningAgain()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");

        await fleet.Engine.ExecuteAsync((await fleet.InspectAsync()).ID, "/bin/killall", "nc");

        (await fleet.WaitForStateAsync(unit, "activating/start-post")).Detail.Should().Be("its port 3000 does not answer");
    }

    [Test]
    public async Task State_WhenTheImageHasAHealthcheck_WaitsForIt()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.WithHealthcheck);

        await fleet.WaitForStateAsync(unit, state => state.Detail?.StartsWith("its HEALTHCHECK", StringComparison.Ordinal) == true, "checked");
        await fleet.WaitForStateAsync(unit, state => state.Detail == "its HEALTHCHECK fails: exit code 1", "ill");
        await fleet.Engine.ExecuteAsync((await fleet.InspectAsync()).ID, "/bin/touch", "/tmp/well");

        await fleet.WaitForStateAsync(unit, "active/running");
    }

    [Test]
    public async Task State_WhenTheContainerEndsAgainAndAgain_CountsTheRestarts()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchAsync(SampleImage.ExitsAtOnce);

        var state = await fleet.WaitForStateAsync(unit, state => state is { IsRestarting: true, Restarts: >= 3 }, "in a crash loop");
        state.Words.Should().Be("activating/auto-restart");
        state.Detail.Should().Be("exit code 3");
    }

    [Test]
    public async Task State_WhenARestartedContainerDoesNotAnswer_TellsHowItEndedBefore()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchScriptAsync("[ -e /tmp/again ] && sleep 1000; touch /tmp/again; sleep 1; exit 4");

        var state = await fleet.WaitForStateAsync(
            unit, state => state.Detail == "exit code 4 before; now its port 3000 does not answer", "restarted and silent");
        state.Words.Should().Be("activating/start-post");
        state.Restarts.Should().Be(1);
    }

    [Test]
    public async Task State_WhenARestartChangesThePort_TellsTheNewEndpoint()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");

        await fleet.Engine.ExecuteAsync((await fleet.InspectAsync()).ID, "/bin/kill", "1");

        var state = await fleet.WaitForStateAsync(unit, state => state is { IsHealthy: true, Restarts: 1 }, "up again");
        using var http = new HttpClient();
        (await http.GetStringAsync(new Uri($"http://{state.Endpoint}/"))).Should().StartWith("version v");
    }

    [Test]
    public async Task State_WhenItUsesTooMuchMemory_SaysSo()
    {
        await using var fleet = new DockerFleet();

        var unit = await fleet.LaunchScriptAsync(
            "dd if=/dev/zero of=/dev/null bs=64M count=100", DeploySpec.Default with { Memory = new MemorySize(8 << 20) });

        await fleet.WaitForStateAsync(unit, state => state.Detail == "killed: out of memory", "out of memory");
    }

    [TestCase(0, "inactive/dead")]
    [TestCase(7, "failed/failed")]
    public async Task State_WhenTheContainerHasEndedForGood_TellsHow(int exitCode, string words)
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchScriptAsync($"trap 'exit {exitCode}' TERM; while true; do sleep 1 & wait $!; done");
        await fleet.WaitForStateAsync(unit, "activating/start-post");

        await fleet.Engine.Client.Containers.StopContainerAsync((await fleet.InspectAsync()).ID, new());

        (await fleet.WaitForStateAsync(unit, words)).Detail.Should().Be($"exit code {exitCode}");
    }

    [Test]
    public async Task State_WhenTheContainerIsPaused_IsNotHealthy()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(SampleImage.Good);
        await fleet.WaitForStateAsync(unit, "active/running");

        await fleet.Engine.Client.Containers.PauseContainerAsync((await fleet.InspectAsync()).ID);

        (await fleet.WaitForStateAsync(unit, "activating/start-post")).Detail.Should().Be("paused");
    }

    [Test]
    public async Task ListUnitStates_WhenAServiceIsSlow_DoesNotWaitForIt()
    {
        await using var fleet = new DockerFleet();
        var unit = await fleet.LaunchAsync(
            SampleImage.AnswersAfter(3), DeploySpec.Default with { HealthCheck = new HealthCheck("/health") });
        await fleet.WaitForStateAsync(unit, "activating/start-post");

        var answered = fleet.FindStateAsync(unit);

        await answered.WaitAsync(TimeSpan.FromSeconds(2));
    }
}
