using System.Diagnostics;
using System.Globalization;
using Deployster.Testing;

namespace Deployster.Benchmarks;

/// <summary>A program of this repository as it is published, and run where it was published to.</summary>
internal sealed class PublishedApp : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-published-");
    private readonly string _program;
    private Process? _process;

    private PublishedApp(string program) => _program = program;

    /// <summary>Publishes a project, by the command that the documents name.</summary>
    public static async Task<PublishedApp> PublishAsync(string project, string program)
    {
        var app = new PublishedApp(program);
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(ProjectFolder.Root, project), "-c", "Release", "-o", app._folder.FullName])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? app : throw new InvalidOperationException(output);
    }

    /// <summary>The resident memory of its process, in MiB.</summary>
    public double ResidentMemory => long.Parse(
        File.ReadLines($"/proc/{_process!.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Starts it and asks until it answers; gives how long that takes, in milliseconds.</summary>
    public async Task<double> StartAsync(Uri readiness, params string[] args)
    {
        using var client = new HttpClient();
        var clock = Stopwatch.StartNew();
        _process = Process.Start(new ProcessStartInfo(Path.Combine(_folder.FullName, _program), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!await AnswersAsync(client, readiness))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{_program} ended with {_process.ExitCode}.");
            }

            await Task.Delay(s_pause);
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    public async Task StopAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri address)
    {
        try
        {
            using var answer = await client.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
