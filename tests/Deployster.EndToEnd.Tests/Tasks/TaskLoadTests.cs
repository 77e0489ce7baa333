using System.Diagnostics;
using System.Globalization;
using System.Net;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>Much output, and many tasks.</summary>
[NonParallelizable]
public sealed class TaskLoadTests
{
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;
    private const long ReferenceLength = 256 * MiB;
    private const long MaxGrowth = 20 * MiB;

    [Test]
    public async Task Run_WhenOutputIsOneGiB_StreamsItInConstantMemoryAtLeastHalfAsFastAsDockerRun()
    {
        await using var scene = await TaskScene.StartAsync();
        await CopyAsync(scene, 64 * MiB);
        using var memory = new MemoryWatch(scene.Deployster.Id);

        var clock = Stopwatch.StartNew();
        var length = await CopyAsync(scene, GiB);
        var speed = length / clock.Elapsed.TotalSeconds;
        var growth = memory.Stop();
        var reference = await MeasureDockerRunAsync(scene);

        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"1 GiB: {speed / MiB:0} MiB a second, docker run {reference / MiB:0}, {speed / reference:0.00} of its speed; memory grew by {(double)growth / MiB:0.0} MiB"));
        length.Should().Be(GiB + "\n\nExited (0)\n".Length);
        growth.Should().BeLessThan(MaxGrowth);
        (speed / reference).Should().BeGreaterThanOrEqualTo(0.5);
    }

    [Test]
    public async Task Run_When200AreAskedForAtOnce_GivesAnExitCodeOrA429ToEach()
    {
        await using var scene = await TaskScene.StartAsync("-task-limit=20");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => scene.RunAsync($"echo {number}; exit 7")));

        var ended = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        TestContext.Out.WriteLine($"200 tasks: {ended.Count} exit codes, {answers.Length - ended.Count} refused");
        ended.Should().HaveCountGreaterThanOrEqualTo(20).And.OnlyContain(answer => answer.ExitCode == "7");
        answers.Except(ended).Should().OnlyContain(answer => answer.Status == HttpStatusCode.TooManyRequests);
        await scene.NothingIsLeftAsync();
    }

    private static async Task<long> CopyAsync(TaskScene scene, long bytes)
    {
        using var response = await scene.BeginAsync(ScriptOf(bytes));
        await using var body = await response.Content.ReadAsStreamAsync();
        return await CopyAsync(body);
    }

    private static async Task<long> CopyAsync(Stream body)
    {
        var buffer = new byte[64 * 1024];
        for (var length = 0L; ;)
        {
            var count = await body.ReadAsync(buffer);
            if (count == 0)
            {
                return length;
            }

            length += count;
        }
    }

    /// <returns>Bytes a second.</returns>
    private static async Task<double> MeasureDockerRunAsync(TaskScene scene)
    {
        var clock = Stopwatch.StartNew();
        using var docker = Process.Start(new ProcessStartInfo(
            "docker",
            [
                "--host", TestEngine.Endpoint, "run", "--rm", "--label", $"deployster.service={scene.Service}",
                $"{TestEngine.Prefix}/{scene.Service}:{TaskScene.Version}", "sh", "-c", ScriptOf(ReferenceLength),
            ])
        {
            RedirectStandardOutput = true,
        })!;
        (await CopyAsync(docker.StandardOutput.BaseStream)).Should().Be(ReferenceLength);
        await docker.WaitForExitAsync();
        return ReferenceLength / clock.Elapsed.TotalSeconds;
    }

    private static string ScriptOf(long bytes) =>
        $"/bin/busybox yes 0123456789012345678901234567890123456789012345678901234567890 | /bin/busybox head -c {bytes}";

    /// <summary>Watches how much memory a process has.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly int _process;
        private readonly long _before;
        private readonly Timer _timer;
        private long _most;

        public MemoryWatch(int process)
        {
            _process = process;
            _before = Read();
            _timer = new Timer(_ => _most = Math.Max(_most, Read()), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        }

        /// <summary>Ends to watch; gives by how many bytes it grew at the most.</summary>
        public long Stop()
        {
            Dispose();
            return Math.Max(_most, Read()) - _before;
        }

        public void Dispose() => _timer.Dispose();

        private long Read() => ResidentMemory.Of(_process);
    }
}
