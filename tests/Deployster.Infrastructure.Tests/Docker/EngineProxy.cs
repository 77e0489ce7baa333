using System.Net;
using System.Net.Sockets;
using Deployster.Testing;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>Stands before the tests' engine at an address of its own, and can go away without the engine's doing so.</summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly Task _work;

    public EngineProxy(EndPoint address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(address);
        _listener.Listen();
        _work = AcceptAsync();
    }

    public EndPoint Address => _listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _work;
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
