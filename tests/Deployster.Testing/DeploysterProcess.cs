using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Deployster.Testing;

/// <summary>
/// Deployster as a process of its own, on a free loopback port and with a data folder of its own, both kept over restarts.
/// </summary>
public sealed class DeploysterProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private readonly IReadOnlyList<string> _args;
    private readonly DeploysterPlace _place;
    private readonly StringBuilder _log = new();
    private Process? _process;

    private DeploysterProcess(IReadOnlyList<string> args, X509Certificate2? certificate, DeploysterPlace place)
    {
        _place = place;
        bool IsGiven(string option) => args.Any(arg => arg == option || arg.StartsWith($"{option}=", StringComparison.Ordinal));
        var all = args.ToList();
        var port = FreePort.Find();
        all.Add($"-listen={place.Address}:{port}");
        if (!IsGiven("-password") && !IsGiven("-password-file"))
        {
            all.Add($"-password={Password}");
        }

        if (!IsGiven("-gateway-listen"))
        {
            all.Add("-gateway-listen=");
        }

        // The tests' engine is everybody's: nobody is to carry on what another test's Deployster has begun.
        if (args.Contains("-fleet=docker") && !IsGiven("-scope"))
        {
            all.Add($"-scope=test-{Guid.NewGuid().ToString("N")[..8]}");
            all.Add("-network=deployster-test"); // an engine has not many networks to give
        }

        if (!IsGiven("-data"))
        {
            Data = Directory.CreateTempSubdirectory("deployster-").FullName;
            all.Add($"-data={Data}");
        }

        _args = all;
        Address = new Uri($"{(certificate is null ? "http" : "https")}://{place.Address}:{port}");
        Api = new DeploysterClient(Address, "deployster", Password, certificate);
    }

    /// <summary>The password, where the arguments give no other.</summary>
    public static string Password => "opensesame";

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Talks to it, logged in.</summary>
    public DeploysterClient Api { get; }

    /// <summary>Its data folder; null where the arguments name one.</summary>
    public string? Data { get; }

    /// <summary>The process id; it must have been started.</summary>
    public int Id => Leaf(_process!.Id);

    /// <summary>Whether it has ended by itself.</summary>
    public bool HasEnded => _process is { HasExited: true };

    /// <summary>All that it has written so far, over restarts.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it is ready, that is, until its fleet answers.</summary>
    /// <param name="args">Command line options besides <c>-listen</c>, <c>-password</c> and <c>-data</c>; no gateway runs unless they ask for it.</param>
    /// <returns>The running process; dispose of it to kill it.</returns>
    /// <exception cref="InvalidOperationException">It ended instead, or was not ready within <see cref="WaitFor.Limit" />; the message has its log.</exception>
    public static Task<DeploysterProcess> StartAsync(params string[] args) => StartAsync(args, "/readyz");

    /// <summary>Starts it and waits until it answers at <paramref name="readyPath"/>.</summary>
    /// <param name="args">Command line options besides <c>-listen</c>, <c>-password</c> and <c>-data</c>; no gateway runs unless they ask for it.</param>
    /// <param name="readyPath">A path that answers 2xx without a password: <c>/healthz</c> where no fleet is meant to answer.</param>
    /// <param name="certificate">The certificate that the options name, where they make it speak HTTPS.</param>
    /// <param name="place">Where it runs; on this machine, at a loopback address, if that is left out.</param>
    /// <exception cref="InvalidOperationException">It ended instead, or was not ready within <see cref="WaitFor.Limit" />; the message has its log.</exception>
    public static async Task<DeploysterProcess> StartAsync(
        IReadOnlyList<string> args, string readyPath, X509Certificate2? certificate = null, DeploysterPlace? place = null)
    {
        var deployster = new DeploysterProcess(args, certificate, place ?? new DeploysterPlace());
        try
        {
            await deployster.StartAgainAsync(readyPath);
            return deployster;
        }
        catch
        {
            await deployster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it with exactly these options, this environment besides the own and this input until it ends by itself.</summary>
    /// <exception cref="TimeoutException">It has not ended within <see cref="WaitFor.Limit" />.</exception>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        var start = DeploysterProgram.StartInfo(args, environment);
        start.RedirectStandardInput = true;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(WaitFor.Limit);
        }
        finally
        {
            process.Kill();
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it again, after <see cref="KillAsync"/> or <see cref="StopAsync"/>, with the same port and data.</summary>
    /// <param name="readyPath">Waits until this path answers 2xx; null waits for nothing.</param>
    public async Task StartAgainAsync(string? readyPath = "/readyz")
    {
        _process = Process.Start(DeploysterProgram.StartInfo(_args, _place.Environment, _place.Prefix))!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (readyPath is not null)
        {
            await WaitUntilReadyAsync(readyPath);
        }
    }

    /// <summary>Waits until it answers at a path.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or does not answer within <see cref="WaitFor.Limit" />; the message has its log.</exception>
    public async Task WaitUntilReadyAsync(string path = "/readyz")
    {
        var limit = Stopwatch.StartNew();
        while (!await Api.AnswersAsync(path))
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"Deployster ended with {_process.ExitCode}:\n{Log}");
            }

            if (limit.Elapsed > WaitFor.Limit)
            {
                throw new InvalidOperationException($"Deployster does not answer at {path}:\n{Log}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Kills it as <c>kill -9</c> does; does nothing where it has ended.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                _ = kill(Id, SigKill);
            }

            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Sends it SIGHUP.</summary>
    public void HangUp() => _ = kill(Id, SigHup);

    /// <summary>Asks it to end, by SIGTERM, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It has not ended within 30 s.</exception>
    public async Task<int> StopAsync()
    {
        var process = _process ?? throw new InvalidOperationException("It does not run.");
        _ = kill(Id, SigTerm);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var exitCode = process.ExitCode;
        process.Dispose();
        _process = null;
        return exitCode;
    }

    /// <summary>Kills it and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Api.Dispose();
        if (Data is not null)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    // A prefix may start it as a child.
    private static int Leaf(int id)
    {
        var file = $"/proc/{id}/task/{id}/children";
        var children = File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return children.Length == 0 ? id : Leaf(int.Parse(children[0], CultureInfo.InvariantCulture));
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
