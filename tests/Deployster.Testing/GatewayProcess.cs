using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Deployster.Testing;

/// <summary>Deployster's gateway as a process of its own, with a data folder of its own.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("deployster-").FullName;
    private readonly IReadOnlyList<string> _args;
    private Process? _process;

    private GatewayProcess(IPEndPoint listen, Uri api, IReadOnlyList<string> options)
    {
        Listen = listen;
        _args =
        [
            "gateway", $"-api={api}", $"-password={DeploysterProcess.Password}", $"-data={_data}",
            .. options.Count > 0 ? options : [$"-gateway-listen={listen}"],
        ];
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Listen { get; }

    /// <summary>What it has kept of the routes; empty while it has not kept any.</summary>
    public string KeptRoutes => Path.Combine(_data, "routes.json") is var file && File.Exists(file) ? File.ReadAllText(file) : "";

    /// <summary>Starts one that follows an API and waits until it listens.</summary>
    /// <param name="listen">Where it listens.</param>
    /// <param name="api">The API.</param>
    /// <param name="options">What it is told of that and more; nothing for that alone.</param>
    public static async Task<GatewayProcess> StartAsync(IPEndPoint listen, Uri api, params IReadOnlyList<string> options)
    {
        var gateway = new GatewayProcess(listen, api, options);
        await gateway.StartAgainAsync();
        return gateway;
    }

    /// <summary>Starts it again, after <see cref="KillAsync"/>, with the same data.</summary>
    public async Task StartAgainAsync()
    {
        _process = Process.Start(DeploysterProgram.StartInfo(_args, null))!;
        _process.OutputDataReceived += (_, line) => Console.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitFor.TrueAsync(IsListeningAsync, $"the gateway listens on {Listen}");
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Kills it and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> IsListeningAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Listen);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
