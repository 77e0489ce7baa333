using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class PhaseTests
{
    [Test]
    public async Task Phase_WhenTheContainerRuns_IsRunningWithoutComplaint()
    {
        await using var scene = new DockerScene();

        await scene.LaunchAsync(SampleImage.NeverListens);

        var unit = await scene.WaitForAsync(Phase.Running);
        (unit.Detail, unit.Restarts, unit.ExitCode, unit.PassesHealthcheck).Should().Be((null, 0, null, null));
        unit.Endpoint.Should().EndWith(":3000");
        unit.ImageId.Should().StartWith("sha256:");
    }

    [Test]
    public async Task PassesHealthcheck_WhenTheImageHasOne_TellsItsResult()
    {
        await using var scene = new DockerScene();
        await scene.LaunchAsync(SampleImage.WithHealthcheck);

        var first = await scene.WaitForAsync(Phase.Running);
        await scene.WaitForAsync(unit => unit is { PassesHealthcheck: false, Detail: "its HEALTHCHECK fails: exit code 1" }, "ill");
        await scene.Engine.ExecuteAsync((await scene.InspectAsync()).ID, "/bin/touch", "/tmp/well");

        first.PassesHealthcheck.Should().BeFalse();
        first.Detail.Should().StartWith("its HEALTHCHECK");
        (await scene.WaitForAsync(unit => unit.PassesHealthcheck == true, "well")).Detail.Should().BeNull();
    }

    [Test]
    public async Task Detail_WhenTheContainerIsInACrashLoop_IsTheSameAtEveryMoment()
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync("sleep 0.2; exit 3");
        await scene.WaitForAsync(unit => unit.Restarts >= 1, "in a crash loop");
        var seen = new HashSet<(string? Detail, int? ExitCode)>();
        var phases = new HashSet<Phase>();

        await scene.WaitForAsync(
            unit =>
            {
                seen.Add((unit.Detail, unit.ExitCode));
                phases.Add(unit.Phase);
                return unit.Restarts >= 4 && phases.Count == 2;
            },
            "seen in both phases");

        seen.Should().Equal(("exit code 3", 3));
        phases.Should().BeEquivalentTo([Phase.Running, Phase.Restarting]);
    }

    [Test]
    public async Task Detail_WhenDeploysterIsStartedLater_StillTellsHowTheRunBeforeEnded()
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync("[ -e /tmp/again ] && sleep 1000; touch /tmp/again; exit 4");
        await scene.WaitForAsync(unit => unit is { Phase: Phase.Running, Restarts: 1 }, "restarted");

        await scene.RestartAsync();

        (await scene.FindAsync())!.Detail.Should().Be("exit code 4");
    }

    [Test]
    public async Task Run_WhenTheContainerIsRestarted_Changes()
    {
        await using var scene = new DockerScene();
        await scene.LaunchAsync(SampleImage.Good);
        var before = await scene.WaitForAsync(Phase.Running);

        await scene.Engine.ExecuteAsync((await scene.InspectAsync()).ID, "/bin/kill", "1");

        var after = await scene.WaitForAsync(unit => unit is { Phase: Phase.Running, Restarts: 1 }, "up again");
        after.Run.Should().NotBe(before.Run);
        after.Endpoint.Should().Be(before.Endpoint, "it has its address for life");
    }

    [Test]
    public async Task Detail_WhenItUsesTooMuchMemory_SaysSo()
    {
        await using var scene = new DockerScene();

        await scene.LaunchScriptAsync(
            "dd if=/dev/zero of=/dev/null bs=64M count=100", DeploySpec.Default with { Memory = new MemorySize(8 << 20) });

        await scene.WaitForAsync(unit => unit.Detail == "killed: out of memory", "out of memory");
    }

    [TestCase(0, Phase.Stopped, null)]
    [TestCase(7, Phase.Failed, "exit code 7")]
    public async Task Phase_WhenAMarkedContainerHasEnded_TellsHow(int exitCode, Phase phase, string? detail)
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchScriptAsync($"trap 'exit {exitCode}' TERM; while true; do sleep 1 & wait $!; done");
        await scene.WaitForAsync(Phase.Running);
        await scene.Port.MarkGoneAsync([unit], default);

        await scene.Engine.Client.Containers.StopContainerAsync((await scene.InspectAsync()).ID, new());

        var ended = await scene.WaitForAsync(phase);
        (ended.Detail, ended.ExitCode).Should().Be((detail, exitCode));
    }

    [Test]
    public async Task Phase_WhenTheContainerIsPaused_IsRunningAndIll()
    {
        await using var scene = new DockerScene();
        await scene.LaunchAsync(SampleImage.Good);
        await scene.WaitForAsync(Phase.Running);

        await scene.Engine.Client.Containers.PauseContainerAsync((await scene.InspectAsync()).ID);

        var paused = await scene.WaitForAsync(unit => unit.Detail == "paused", "paused");
        (paused.Phase, paused.PassesHealthcheck).Should().Be((Phase.Running, false));
    }
}
