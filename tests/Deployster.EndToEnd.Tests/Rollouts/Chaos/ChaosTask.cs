using Deployster.Testing;
using FluentAssertions;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>A task that runs while things go wrong.</summary>
internal sealed class ChaosTask
{
    private const int Lines = 12;
    private const int OwnExitCode = 7;
    private const int Lost = 125;

    // It ends at once where the engine stops it, as a good task does.
    private static readonly string s_script =
        $"trap 'exit 4' TERM; i=0; while [ $i -lt {Lines} ]; do i=$((i+1)); echo $i; sleep 0.5 & wait $!; done; exit {OwnExitCode}";

    private readonly IChaosScene _scene;
    private readonly string _id;
    private readonly int _restartsBefore;

    private ChaosTask(IChaosScene scene, string id) => (_scene, _id, _restartsBefore) = (scene, id, scene.RestartCount);

    /// <summary>Starts it, with the image of a version that is there.</summary>
    /// <param name="scene">Where it runs.</param>
    /// <param name="service">The service.</param>
    /// <param name="version">The version.</param>
    /// <param name="timeout">Its timeout; null for Deployster's own of ten minutes.</param>
    public static async Task<ChaosTask> StartAsync(IChaosScene scene, string service, string version, TimeSpan? timeout)
    {
        var task = await scene.Deployster.Api.PostAsync(
            $"/v1/services/{service}/tasks?detach=true",
            new { Task = new { Version = version, Command = new[] { "sh", "-c", s_script }, Timeout = timeout?.TotalSeconds } });
        return new ChaosTask(scene, task.GetProperty("id").GetString()!);
    }

    /// <summary>Waits for its end; it must have its own, with all of its output, unless the engine was restarted.</summary>
    public async Task VerifyAsync()
    {
        var task = await WaitFor.ValueAsync(
            () => _scene.Deployster.Api.GetAsync($"/v1/tasks/{_id}"),
            task => task.GetProperty("status").GetString() != "running",
            "the task ends",
            TimeSpan.FromSeconds(60));
        task.GetProperty("status").GetString().Should().Be("failed", "no task is lost: {0}", task);
        var exitCode = task.GetProperty("exit_code").GetInt32();
        if (_scene.RestartCount > _restartsBefore)
        {
            // Stopped or killed with the engine, or it has ended by itself before.
            exitCode.Should().NotBe(0, "{0}", task).And.NotBe(Lost, "no task is lost: {0}", task);
            return;
        }

        exitCode.Should().Be(OwnExitCode, "{0}", task);
        var output = await _scene.Deployster.Api.Http.GetStringAsync($"/v1/tasks/{_id}/output");
        output.Should().StartWith(string.Concat(Enumerable.Range(1, Lines).Select(line => $"{line}\n")), "{0}", task);
    }
}
