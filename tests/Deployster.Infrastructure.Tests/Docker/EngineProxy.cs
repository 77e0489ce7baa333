using System.Net.Sockets;
using Deployster.Testing;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>Stands before the tests' engine on a socket of its own, and can go away without the engine's doing so.</summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _work;

    public EngineProxy(string path)
    {
        _path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _work = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _work;
        File.Delete(_path);
        _stop.Dispose();
    }

    private static async Task<Socket> ConnectAsync()
    {
        var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(new UnixDomainSocketEndPoint(new Uri(TestEngine.Endpoint).LocalPath));
        return engine;
    }

    private async Task AcceptAsync()
    {
        var forwards = new List<Task>();
        try
        {
            while (true)
            {
                forwards.Add(ForwardAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(forwards);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        await using var here = new NetworkStream(client, ownsSocket: true);
        await using var there = new NetworkStream(await ConnectAsync(), ownsSocket: true);
        try
        {
            await Task.WhenAny(here.CopyToAsync(there, _stop.Token), there.CopyToAsync(here, _stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The engine is to be away: both sides see the connection break.
        }
    }
}
