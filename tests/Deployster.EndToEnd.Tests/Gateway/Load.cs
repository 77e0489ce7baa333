using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>
/// A constant load on a service through a gateway: 500 requests a second over connections that are kept, 60 each over one of
/// its own, always ten that take 5 s, eight uploads a second, and a WebSocket that is held. Every other connection is in HTTPS.
/// </summary>
internal sealed class Load
{
    private const int UploadSize = 256 * 1024;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly GatewayAddresses _gateway;
    private readonly string _host;
    private readonly byte[] _upload = new byte[UploadSize];
    private readonly ConcurrentQueue<LoadRequest> _requests = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Task _working;
    private volatile bool _isStopping;
    private int _socketMessages;
    private int _socketsClosed;

    private Load(GatewayAddresses gateway, string host)
    {
        (_gateway, _host) = (gateway, host);
        _working = Task.WhenAll(
        [
            .. Workers(20, 25, "kept", (connection, limit) => connection.AskAsync("GET", "/", default, isLast: false, limit)),
            .. Workers(4, 15, "new", (connection, limit) => connection.AskAsync("GET", "/", default, isLast: true, limit)),
            .. Workers(10, 1000, "slow", (connection, limit) => connection.AskAsync("GET", "/slow", default, isLast: false, limit)),
            .. Workers(2, 4, "upload", UploadAsync),
            Task.Run(HoldSocketAsync),
        ]);
    }

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    public int Failures => _requests.Count(request => request.Failure is not null);

    public static Load Start(GatewayAddresses gateway, string host) => new(gateway, host);

    /// <summary>Begins no more requests, and waits for those in flight.</summary>
    public async Task<LoadReport> StopAsync()
    {
        var duration = Elapsed;
        _isStopping = true;
        await _working;
        return new LoadReport(duration, [.. _requests], _socketMessages, _socketsClosed);
    }

    private IEnumerable<Task> Workers(int count, int perSecond, string kind, Func<LoadConnection, CancellationToken, Task<string>> ask) =>
        Enumerable.Range(0, count).Select(index => Task.Run(() => WorkAsync(
            new LoadAddress(index % 2 == 0 ? _gateway.Http : _gateway.Https, IsHttps: index % 2 != 0), kind, TimeSpan.FromSeconds(1.0 / perSecond), ask)));

    private async Task WorkAsync(
        LoadAddress address, string kind, TimeSpan pace, Func<LoadConnection, CancellationToken, Task<string>> ask)
    {
        LoadConnection? connection = null;
        for (var due = TimeSpan.Zero; !_isStopping; due += pace)
        {
            if (due - Elapsed is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            var (begun, started) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
            using var limit = new CancellationTokenSource(s_limit);
            try
            {
                connection ??= await LoadConnection.OpenAsync(address, _host, limit.Token);
                var answer = await ask(connection, limit.Token);
                _requests.Enqueue(new LoadRequest(kind, begun, Stopwatch.GetElapsedTime(started), answer, null));
            }
            catch (Exception e)
            {
                _requests.Enqueue(new LoadRequest(kind, begun, Stopwatch.GetElapsedTime(started), null, e.Message));
                connection?.Dispose();
                connection = null;
            }

            if (connection is { IsOver: true })
            {
                connection.Dispose();
                connection = null;
            }
        }

        connection?.Dispose();
    }

    private async Task<string> UploadAsync(LoadConnection connection, CancellationToken cancellationToken)
    {
        var answer = await connection.AskAsync("POST", "/upload", _upload, isLast: false, cancellationToken);
        return answer == $"{UploadSize}" ? answer : throw new IOException($"{answer} bytes arrived");
    }

    // A unit that goes may close it, if it says so: then another is opened at once.
    private async Task HoldSocketAsync()
    {
        while (!_isStopping)
        {
            var begun = DateTimeOffset.UtcNow;
            try
            {
                using var socket = await OpenSocketAsync();
                while (!_isStopping && await EchoAsync(socket))
                {
                    Interlocked.Increment(ref _socketMessages);
                    await Task.Delay(50);
                }

                if (socket.State == WebSocketState.CloseReceived)
                {
                    Interlocked.Increment(ref _socketsClosed);
                }

                using var limit = new CancellationTokenSource(s_limit);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", limit.Token);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                _requests.Enqueue(new LoadRequest("socket", begun, DateTimeOffset.UtcNow - begun, null, e.Message));
                await Task.Delay(50);
            }
        }
    }

    private async Task<ClientWebSocket> OpenSocketAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", _host);
        await socket.ConnectAsync(new Uri($"ws://{_gateway.Http}/socket"), limit.Token);
        return socket;
    }

    private static async Task<bool> EchoAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(s_limit);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
        return (await socket.ReceiveAsync(new byte[64], limit.Token)).MessageType != WebSocketMessageType.Close;
    }
}
