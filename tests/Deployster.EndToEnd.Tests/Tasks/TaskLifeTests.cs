using System.Diagnostics;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>Tasks that do not end by themselves while somebody waits.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TaskLifeTests
{
    private TaskScene _scene = null!;

    [SetUp]
    public async Task StartAsync() => _scene = await TaskScene.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        await _scene.NothingIsLeftAsync();
        await _scene.DisposeAsync();
    }

    [Test]
    public async Task Run_WhenTimeIsUp_TerminatesTheCommandAndSaysSo()
    {
        var answer = await _scene.RunAsync("trap 'echo told to stop; exit 0' TERM; echo begins; sleep 60 & wait", timeout: 1);

        answer.Text.Should().Be("begins\ntold to stop\n\nExited (124) The task timed out after 1s.\n");
        answer.ExitCode.Should().Be("124");
        (await _scene.GetAsync(answer.Id!)).GetProperty("status").GetString().Should().Be("timed_out");
    }

    [Test]
    public async Task Run_WhenTimeIsUpAndSigtermIsIgnored_IsKilledTenSecondsLater()
    {
        var clock = Stopwatch.StartNew();

        var answer = await _scene.RunAsync("trap '' TERM; while true; do sleep 1; done", timeout: 1);

        answer.LastLine.Should().Be("Exited (124) The task timed out after 1s.");
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(10)).And.BeLessThan(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Cancel_WhenTaskRuns_StopsIt()
    {
        var id = await _scene.DetachAsync("trap 'exit 0' TERM; echo begins; sleep 60 & wait");
        await _scene.WaitForOutputAsync(id, "begins");

        await _scene.Api.DeleteAsync($"/v1/tasks/{id}");

        var task = await _scene.GetAsync(id);
        task.GetProperty("status").GetString().Should().Be("cancelled");
        (await _scene.ReadOutputAsync(id)).Text.Should().Be("begins\n\nExited (143) The task was cancelled by deployster.\n");
        await _scene.Api.DeleteAsync($"/v1/tasks/{id}");
    }

    [Test]
    public async Task Cancel_WhenTheTaskSaysHowItStops_SendsItsSignalAndKillsItWhenItsTimeIsUp()
    {
        const string Script = "trap '' TERM; trap 'echo asked' INT; echo begins; while true; do sleep 0.1; done";
        var clock = Stopwatch.StartNew();
        var id = await _scene.DetachAsync(new
        {
            Task = new { Version = TaskScene.Version, Command = new[] { "sh", "-c", Script }, StopSignal = "SIGINT", StopTimeout = 2 },
        });
        await _scene.WaitForOutputAsync(id, "begins");

        await _scene.Api.DeleteAsync($"/v1/tasks/{id}");

        (await _scene.ReadOutputAsync(id)).Text.Should().Be("begins\nasked\n\nExited (143) The task was cancelled by deployster.\n");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10), "it is not given the ten seconds of the others");
    }

    [Test]
    public async Task Cancel_WhenTheProgramHandlesNoSignal_EndsItAtOnce()
    {
        var clock = Stopwatch.StartNew();
        var id = await _scene.DetachAsync("echo begins; exec sleep 60");
        await _scene.WaitForOutputAsync(id, "begins");

        await _scene.Api.DeleteAsync($"/v1/tasks/{id}");

        (await _scene.GetAsync(id)).GetProperty("status").GetString().Should().Be("cancelled");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10), "the first process handles no signal by itself, but another one stands in for it");
    }

    [Test]
    public async Task Run_WhenClientGoesAway_GoesOnToItsEnd()
    {
        string id;
        using (var response = await _scene.BeginAsync("echo begins; sleep 2; echo ends"))
        {
            id = response.Headers.GetValues("Deployster-Task-Id").Single();
        }

        var task = await _scene.WaitForEndAsync(id);

        task.GetProperty("exit_code").GetInt32().Should().Be(0);
        (await _scene.ReadOutputAsync(id)).Text.Should().Be("begins\nends\n\nExited (0)\n");
    }

    [Test]
    public async Task Run_WhenClientReadsSlowly_EndsAllTheSameAndGivesItAll()
    {
        const int Written = 32 << 20;
        using var response = await _scene.BeginAsync($"dd if=/dev/zero bs=1048576 count={Written >> 20} 2>/dev/null");
        var id = response.Headers.GetValues("Deployster-Task-Id").Single();

        var task = await _scene.WaitForEndAsync(id);

        task.GetProperty("exit_code").GetInt32().Should().Be(0);
        (await response.Content.ReadAsByteArrayAsync()).Should().HaveCount(Written + "\n\nExited (0)\n".Length);
    }

    [Test]
    public async Task Run_WhenDeploysterIsKilled_IsTakenUpWithAllItsOutput()
    {
        var id = await _scene.DetachAsync("echo before; sleep 1; echo meanwhile; sleep 6; echo after; sleep 0.3; echo error >&2; exit 5");
        await _scene.WaitForOutputAsync(id, "before");
        await _scene.Deployster.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        await _scene.Deployster.StartAgainAsync();
        var task = await _scene.WaitForEndAsync(id);

        task.GetProperty("exit_code").GetInt32().Should().Be(5);
        (await _scene.ReadOutputAsync(id)).Text.Should().Be("before\nmeanwhile\nafter\nerror\n\nExited (5)\n");
    }

    [Test]
    public async Task Run_WhenTaskEndsWhileDeploysterIsDown_IsWrittenDownAfterwards()
    {
        var id = await _scene.DetachAsync("echo before; sleep 1; echo after; exit 6");
        await _scene.WaitForOutputAsync(id, "before");
        await _scene.Deployster.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5));

        await _scene.Deployster.StartAgainAsync();
        var task = await _scene.WaitForEndAsync(id);

        task.GetProperty("exit_code").GetInt32().Should().Be(6);
        (await _scene.ReadOutputAsync(id)).Text.Should().Be("before\nafter\n\nExited (6)\n");
    }

    [Test]
    public async Task Run_WhenDeploysterIsKilledAndTimePasses_IsStoppedByTheNextOne()
    {
        var id = await _scene.DetachAsync("trap 'exit 0' TERM; echo begins; sleep 60 & wait", timeout: 3);
        await _scene.WaitForOutputAsync(id, "begins");
        await _scene.Deployster.KillAsync();
        await _scene.Deployster.StartAgainAsync();

        var task = await _scene.WaitForEndAsync(id);

        task.GetProperty("status").GetString().Should().Be("timed_out");
        task.GetProperty("message").GetString().Should().Be("The task timed out after 3s.");
    }

    [Test]
    public async Task Run_WhenDeploysterIsKilledWhileTasksBegin_LeavesNothing()
    {
        for (var round = 0; round < 3; round++)
        {
            var begun = Enumerable.Range(0, 8).Select(_ => TryDetachAsync()).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(150 * (round + 1)));
            await _scene.Deployster.KillAsync();
            await Task.WhenAll(begun);

            await _scene.Deployster.StartAgainAsync();

            await _scene.NothingIsLeftAsync();
            await WaitFor.TrueAsync(NoneRunsAsync, "every task has an end");
        }
    }

    [Test]
    public async Task Run_WhenSomebodyRemovesTheContainer_TellsAnEnd()
    {
        var id = await _scene.DetachAsync("echo begins; sleep 60");
        await _scene.WaitForOutputAsync(id, "begins");

        foreach (var container in await _scene.Engine.ContainersOfAsync(_scene.Service))
        {
            await _scene.Engine.Client.Containers.RemoveContainerAsync(container, new() { Force = true });
        }

        (await _scene.WaitForEndAsync(id)).GetProperty("exit_code").GetInt32().Should().BeOneOf(137, 125);
    }

    private async Task TryDetachAsync()
    {
        try
        {
            await _scene.DetachAsync("echo begins; sleep 1");
        }
        catch (HttpRequestException)
        {
            // It was killed meanwhile.
        }
    }

    private async Task<bool> NoneRunsAsync() =>
        (await _scene.Api.GetAsync($"/v1/services/{_scene.Service}/tasks?limit=200")).GetProperty("tasks").EnumerateArray()
            .All(task => task.GetProperty("status").GetString() != "running");
}
