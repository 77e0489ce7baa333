using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>What a task writes, and how it ends, as its client gets it.</summary>
public sealed class TaskOutputTests
{
    private TaskScene _scene = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _scene = await TaskScene.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _scene.DisposeAsync();

    [TearDown]
    public Task NothingIsLeftAsync() => _scene.NothingIsLeftAsync();

    [TestCase(0, "succeeded")]
    [TestCase(1, "failed")]
    [TestCase(7, "failed")]
    [TestCase(137, "failed")]
    public async Task Run_WhenCommandExits_TellsTheCodeInTextTrailerAndResource(int exitCode, string status)
    {
        var answer = await _scene.RunAsync($"echo on its way; exit {exitCode}");

        answer.Text.Should().Be($"on its way\n\nExited ({exitCode})\n");
        answer.ExitCode.Should().Be($"{exitCode}");
        var task = await _scene.GetAsync(answer.Id!);
        task.GetProperty("exit_code").GetInt32().Should().Be(exitCode);
        task.GetProperty("status").GetString().Should().Be(status);
        task.GetProperty("requested_by").GetString().Should().Be("deployster");
    }

    [Test]
    public async Task Run_WhenLinesAreWrittenSlowly_SendsEachWhenItIsWritten()
    {
        using var response = await _scene.BeginAsync(
            "echo == CreateUsers: migrating; sleep 1; printf 'no line break yet'; sleep 1; echo; echo == CreateUsers: migrated >&2");
        await using var body = await response.Content.ReadAsStreamAsync();
        var clock = Stopwatch.StartNew();
        var (pieces, buffer) = (new List<(TimeSpan Time, string Text)>(), new byte[4096]);
        while (await body.ReadAsync(buffer) is > 0 and var count)
        {
            pieces.Add((clock.Elapsed, Encoding.UTF8.GetString(buffer, 0, count)));
            TestContext.Out.WriteLine($"{clock.Elapsed.TotalSeconds:0.000} s {pieces[^1].Text.Replace("\n", "\\n", StringComparison.Ordinal)}");
        }

        TimeSpan TimeOf(string text) => pieces.First(piece => piece.Text.Contains(text, StringComparison.Ordinal)).Time;
        string.Concat(pieces.Select(piece => piece.Text)).Should().EndWith("\n\nExited (0)\n");
        (TimeOf("no line break yet") - TimeOf("migrating")).Should().BeGreaterThan(TimeSpan.FromSeconds(0.5));
        (TimeOf("migrated") - TimeOf("no line break yet")).Should().BeGreaterThan(TimeSpan.FromSeconds(0.5));
    }

    [Test]
    public async Task Run_WhenOutputIsBinary_GivesItByteForByte()
    {
        var answer = await _scene.RunAsync(
            "i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %03o $i)\"; i=$((i+1)); done; printf '\\377\\376\\000'");

        byte[] expected = [.. Enumerable.Range(0, 256).Select(value => (byte)value), 0xff, 0xfe, 0, .. "\n\nExited (0)\n"u8];
        answer.Body.Should().Equal(expected);
    }

    [Test]
    public async Task Run_WhenCommandIsLine_SplitsItAsAShellDoes()
    {
        var answer = await _scene.RunAsync((object)"sh -c 'echo \"$1|$2\"' name \"two words\" back\\ slash");

        answer.Text.Should().Be("two words|back slash\n\nExited (0)\n");
    }

    [Test]
    public async Task Run_WhenServiceRuns_InheritsItsEnvironmentAndVolumes()
    {
        await _scene.Api.DeployAsync(_scene.Service, new
        {
            TaskScene.Version,
            Env = new Dictionary<string, string> { ["DATABASE_URL"] = "postgres://db", ["COLOUR"] = "red" },
            Volumes = new[] { "/etc:/from-host:ro" },
        });
        await _scene.Api.WaitForEndAsync(_scene.Service, TaskScene.Version);
        try
        {
            var answer = await _scene.RunAsync(
                new[] { "sh", "-c", "echo $DATABASE_URL $COLOUR; test -e /from-host/passwd && echo mounted" }, env: new Dictionary<string, string> { ["COLOUR"] = "blue" });

            answer.Text.Should().StartWith("postgres://db blue\nmounted\n");
        }
        finally
        {
            await _scene.Api.DeleteAsync($"/v1/services/{_scene.Service}/deploys/{TaskScene.Version}");
        }
    }

    [Test]
    public async Task Output_WhenTaskHasEnded_IsReplayed()
    {
        var answer = await _scene.RunAsync("echo out; echo err >&2; exit 3");

        var replay = await _scene.ReadOutputAsync(answer.Id!);

        replay.Text.Should().Be(answer.Text);
        replay.ExitCode.Should().Be("3");
    }

    [Test]
    public async Task Output_WhenEventsAreAccepted_TellsStreamsApart()
    {
        var answer = await _scene.RunAsync("echo out; sleep 0.2; echo err >&2; sleep 0.2; printf 'a\\377'");

        var replay = await _scene.ReadOutputAsync(answer.Id!, "text/event-stream");

        replay.Text.Should().Be(
            "event: stdout\ndata: {\"text\":\"out\\n\"}\n\n"
            + "event: stderr\ndata: {\"text\":\"err\\n\"}\n\n"
            + "event: stdout\ndata: {\"text\":\"a\"}\n\nevent: stdout\ndata: {\"base64\":\"/w==\"}\n\n"
            + "event: exit\ndata: {\"exit_code\":0,\"status\":\"succeeded\",\"message\":null}\n\n");
    }

    [Test]
    public async Task Output_WhenMoreWasWrittenThanIsKept_ReplaysTheEndAndMarksTheCut()
    {
        const int Written = 24 << 20;
        var answer = await _scene.RunAsync($"dd if=/dev/zero bs=1048576 count={Written >> 20} 2>/dev/null; echo the end");

        var replay = await _scene.ReadOutputAsync(answer.Id!);

        answer.Body.Should().HaveCount(Written + "the end\n\nExited (0)\n".Length);
        replay.Body.Length.Should().BeInRange(9 << 20, 10 << 20);
        replay.Text.Should().MatchRegex(@"\A\[\d+ bytes before are not kept\.\]\n").And.EndWith("the end\n\nExited (0)\n");
    }

    [Test]
    public async Task Run_WhenDetached_AnswersAtOnceAndTellsWhereItIs()
    {
        var id = await _scene.DetachAsync("sleep 1; echo done");

        (await _scene.GetAsync(id)).GetProperty("status").GetString().Should().Be("running");
        (await _scene.ReadOutputAsync(id)).Text.Should().Be("done\n\nExited (0)\n");
        var listed = await _scene.Api.GetAsync($"/v1/services/{_scene.Service}/tasks");
        listed.GetProperty("tasks")[0].GetProperty("id").GetString().Should().Be(id);
    }

    [Test]
    public async Task Run_WhenImageIsMissing_Is422WithItsName()
    {
        var task = () => _scene.Api.PostAsync(
            $"/v1/services/{_scene.Service}/tasks", new { Task = new { Version = "nowhere", Command = "true" } });

        (await task.Should().ThrowAsync<HttpRequestException>()).Which.Message
            .Should().Contain("422").And.Contain($"{TestEngine.Prefix}/{_scene.Service}:nowhere");
    }

    [Test]
    public async Task Run_WhenProgramIsMissing_EndsWith127AndItsName()
    {
        var answer = await _scene.RunAsync((object)"no-such-program");

        answer.Text.Should().Contain("no-such-program");
        answer.LastLine.Should().Be("Exited (127)");
    }
}
