using System.Diagnostics;
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

    /// <summary>The id of its process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Starts it and asks <c>/readyz</c> until it answers; gives how long that takes, in milliseconds.</summary>
    public async Task<double> StartAsync(DeploysterClient client, params string[] args)
    {
        var clock = Stopwatch.StartNew();
        _process = Process.Start(new ProcessStartInfo(Path.Combine(_folder.FullName, _program), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!await client.AnswersAsync("/readyz"))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{_program} ended with {_process.ExitCode}.");
            }

            await Task.Delay(s_pause);
        }

        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>The options of Deployster on the tests' engine, with its gateway, and with images that are built there.</summary>
    public static string[] DeploysterOptions(Uri address, string scope, DirectoryInfo data) =>
    [
        "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-scope={scope}", $"-data={data.FullName}",
        $"-password={DeploysterProcess.Password}", $"-listen={address.Authority}", $"-gateway-listen=127.0.0.1:{FreePort.Find()}",
    ];

    /// <summary>Talks to what is going to listen at a free port.</summary>
    public static DeploysterClient CreateClient() =>
        new(new Uri($"http://127.0.0.1:{FreePort.Find()}"), "deployster", DeploysterProcess.Password);

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
}
