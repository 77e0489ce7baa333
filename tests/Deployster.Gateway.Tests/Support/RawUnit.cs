using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A unit that tells which bytes came, and answers with bytes that a test chooses.</summary>
internal sealed class RawUnit : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawUnit, NetworkStream, Task> _serve;
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly Task _accepting;

    private RawUnit(Func<RawUnit, NetworkStream, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The requests that came, each byte as one character.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>How many connections were made.</summary>
    public int Connections => _clients.Count;

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    public static UnitName Name { get; } = TestUnit.NameOf("hello");

    public RoutedUnit Routed => new(Name, Endpoint, UnitTraffic.Serving);

    /// <summary>A unit that answers each request with the same bytes.</summary>
    public static RawUnit Answering(string answer) => new(async (unit, stream) =>
    {
        while (await unit.ReadRequestAsync(stream))
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        }
    });

    /// <summary>A unit that does as it is told with each connection.</summary>
    public static RawUnit Doing(Func<RawUnit, NetworkStream, Task> serve) => new(serve);

    /// <summary>Reads a request to its end and notes it; false where there is none.</summary>
    public async Task<bool> ReadRequestAsync(NetworkStream stream)
    {
        var request = await RawMessage.ReadAsync(stream);
        if (request.Length == 0)
        {
            return false;
        }

        Requests.Enqueue(request);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                _clients.Add(client);
                serving.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _serve(this, client.GetStream());
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
            {
                // The test is over, or the gateway hung up.
            }
        }
    }
}
