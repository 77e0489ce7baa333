using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;

namespace Deployster.Benchmarks.Front;

/// <summary>Load by many WebSockets, on each of which a message is echoed, and then the next.</summary>
internal static class Sockets
{
    private const int Count = 1000;
    private const int Seconds = 8;

    public static async Task<(double PerSecond, double P99, double Messages)> RunAsync(IPEndPoint address, string host, Action begun)
    {
        var sockets = new List<ClientWebSocket>();
        try
        {
            foreach (var _ in Enumerable.Range(0, Count))
            {
                var socket = new ClientWebSocket();
                socket.Options.SetRequestHeader("Host", host);
                await socket.ConnectAsync(new Uri($"ws://{address}/socket"), CancellationToken.None);
                sockets.Add(socket);
            }

            begun();
            var times = new ConcurrentBag<List<double>>();
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(sockets.Select(socket => EchoAsync(socket, clock, times)));
            var all = times.SelectMany(some => some).Order().ToList();
            return (all.Count / clock.Elapsed.TotalSeconds, all[(int)(all.Count * 0.99)], all.Count);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task EchoAsync(ClientWebSocket socket, Stopwatch clock, ConcurrentBag<List<double>> times)
    {
        var (message, buffer, own) = ("hello, socket"u8.ToArray(), new byte[64], new List<double>());
        while (clock.Elapsed < TimeSpan.FromSeconds(Seconds))
        {
            var begun = Stopwatch.GetTimestamp();
            await socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None);
            await socket.ReceiveAsync(buffer, CancellationToken.None);
            own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        times.Add(own);
    }
}
