using System.Text;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Units;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class LogTests
{
    [Test]
    public async Task OpenLog_WhenAContainerWritesOnBothStreams_TellsWhichAndWhat()
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync("echo one; sleep 0.2; echo two >&2; sleep 0.2; printf '\\000ü\\r\\n'; sleep 1000");

        var seen = await WaitFor.ValueAsync(() => ReadAsync(scene, null), text => text.Output.Contains('\r', StringComparison.Ordinal), "it has written");

        seen.Should().Be(("one\n\0ü\r\n", "two\n"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task OpenLog_WhenLinesAreLongerThanTheEngineKeepsInOnePiece_CountsWholeLines(bool follow)
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync(
            "echo first; for n in 1 2; do dd if=/dev/zero bs=1024 count=40 2>/dev/null | cat -v | cat; echo; done; echo last; sleep 1000");
        await WaitFor.ValueAsync(() => ReadAsync(scene, null), text => text.Output.EndsWith("last\n", StringComparison.Ordinal), "it has written");
        var long_ = string.Concat(Enumerable.Repeat("^@", 40 * 1024));

        var seen = follow ? await FollowAsync(scene, 2, text => text.EndsWith("last\n", StringComparison.Ordinal)) : (await ReadAsync(scene, 2)).Output;

        (seen == $"{long_}\nlast\n").Should().BeTrue($"it has {seen.Length} characters");
        (await ReadAsync(scene, 1)).Output.Should().Be("last\n");
        (await ReadAsync(scene, 0)).Output.Should().BeEmpty();
    }

    [Test]
    public async Task OpenLog_WhenALineIsLongerThanMemoryAllows_GivesItsLastPart()
    {
        await using var scene = new DockerScene();
        await scene.LaunchScriptAsync("head -c 20000000 /dev/zero | tr '\\0' a; echo b; sleep 1000");
        await WaitFor.ValueAsync(() => ReadAsync(scene, 1), text => text.Output.EndsWith("ab\n", StringComparison.Ordinal), "it has written");

        (await ReadAsync(scene, 1)).Output.Length.Should().BeInRange(7 << 20, 8 << 20);
    }

    [TestCase(null)]
    [TestCase(1)]
    public async Task OpenLog_WhenFollowed_GoesOnOverRestartsUntilTheUnitIsDestroyed(int? tail)
    {
        await using var scene = new DockerScene();
        var unit = await scene.LaunchScriptAsync(
            "n=$(cat /tmp/n 2>/dev/null || echo 0); n=$((n + 1)); echo $n > /tmp/n; echo run $n starts; sleep 0.3; echo run $n ends; [ $n = 3 ] && sleep 1000; exit 1");
        var log = FollowAsync(scene, tail, _ => false, onText: text => text.EndsWith("run 3 ends\n", StringComparison.Ordinal) ? scene.DestroyAsync(unit) : Task.CompletedTask);

        var lines = (await log.WaitAsync(TimeSpan.FromSeconds(60))).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var all = (string[])["run 1 starts", "run 1 ends", "run 2 starts", "run 2 ends", "run 3 starts", "run 3 ends"];
        lines.Should().Equal(all[^lines.Length..], "no line is lost or doubled");
        lines.Should().HaveCountGreaterThanOrEqualTo(tail is null ? 6 : 2);
    }

    [Test]
    public async Task OpenLog_WhenTheLogCannotBeRead_SaysWhy()
    {
        await using var scene = new DockerScene();
        await scene.Engine.RunAsync(new CreateContainerParameters
        {
            Image = await SampleImages.GetAsync(SampleImage.Good),
            Labels = new Dictionary<string, string> { ["deployster.unit"] = scene.Unit().ToString() },
            HostConfig = new HostConfig { LogConfig = new LogConfig { Type = "none" } },
        });

        await scene.Invoking(it => it.Port.OpenLogAsync(it.Unit(), 20, follow: false, default))
            .Should().ThrowAsync<FleetUnavailableException>().WithMessage("*does not support reading*");
    }

    private static async Task<(string Output, string Errors)> ReadAsync(DockerScene scene, int? tail)
    {
        await scene.WaitForAsync(unit => unit.Run is not null, "started");
        using var log = await scene.Port.OpenLogAsync(scene.Unit(), tail, follow: false, default);
        var (output, errors) = (new MemoryStream(), new MemoryStream());
        var buffer = new byte[1000];
        while (await log.ReadAsync(buffer, default) is var (source, count))
        {
            (source == OutputSource.Stderr ? errors : output).Write(buffer.AsSpan(0, count));
        }

        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private static async Task<string> FollowAsync(
        DockerScene scene, int? tail, Func<string, bool> isEnough, Func<string, Task>? onText = null)
    {
        await scene.WaitForAsync(unit => unit.Run is not null, "started");
        using var log = await scene.Port.OpenLogAsync(scene.Unit(), tail, follow: true, default);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!isEnough(text.ToString())
            && await log.ReadAsync(buffer, default).AsTask().WaitAsync(TimeSpan.FromSeconds(60)) is var (_, count))
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            await (onText?.Invoke(text.ToString()) ?? Task.CompletedTask);
        }

        return text.ToString();
    }
}
