using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Deployster.Testing;

/// <summary>
/// Stands before an engine at an address of its own. It can go away without the engine's doing so, counts what is asked,
/// and can delay it or answer itself.
/// </summary>
public sealed class EngineProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener;
    private readonly Task _work;

    /// <summary>Listens at once.</summary>
    /// <param name="address">Where; at a free port of loopback without it.</param>
    public EngineProxy(EndPoint? address = null)
    {
        var at = address ?? new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(at);
        _listener.Listen();
        _work = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint Address => _listener.LocalEndPoint!;

    /// <summary>The same, as an engine's address is written.</summary>
    public Uri Uri => new($"tcp://{Address}");

    /// <summary>The requests so far: <c>GET /containers/json?all=1</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers a request in the engine's place, with a status and a body; null where the engine is to.</summary>
    public Func<string, (int Status, string Body)?> Answer { get; set; } = _ => null;

    /// <summary>Begins to answer a request in the engine's place, as it is written here, and hangs up; null where the engine answers.</summary>
    public Func<string, string?> BreakOff { get; set; } = _ => null;

    /// <summary>How long a request is held back.</summary>
    public Func<string, TimeSpan> Delay { get; set; } = _ => TimeSpan.Zero;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _work;
        _stop.Dispose();
    }

    /// <summary>A connection to the engine itself.</summary>
    public static async Task<Socket> ConnectAsync()
    {
        var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(new UnixDomainSocketEndPoint(new Uri(TestEngine.Endpoint).LocalPath));
        return engine;
    }

    private static string? RequestIn(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\r');
        var words = end < 0 ? [] : Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        return words is [var method, var path, "HTTP/1.1"] ? $"{method} {path}" : null;
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
        catch (Exception) when (_stop.IsCancellationRequested)
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
            await Task.WhenAny(AskAsync(here, there), there.CopyToAsync(here, _stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The engine is to be away: both sides see the connection break.
        }
    }

    // A client sends the head of its request at once, and nothing before it has the answer to the last one.
    private async Task AskAsync(NetworkStream here, NetworkStream there)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await here.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                var request = RequestIn(buffer.AsSpan(0, count));
                if (request is not null)
                {
                    Requests.Enqueue(request);
                    await Task.Delay(Delay(request), _stop.Token);
                }

                if (request is not null && BreakOff(request) is { } beginning)
                {
                    await here.WriteAsync(Encoding.UTF8.GetBytes(beginning), _stop.Token);
                    return;
                }

                if (request is not null && Answer(request) is var (status, body))
                {
                    await here.WriteAsync(
                        Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Told\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), _stop.Token);
                }
                else
                {
                    await there.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                }
            }
        }
        catch (IOException)
        {
            // One side has hung up.
        }
    }
}
