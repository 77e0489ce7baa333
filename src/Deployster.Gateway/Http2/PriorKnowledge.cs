using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Deployster.Gateway.Http2;

/// <summary>
/// Lets one port take HTTP/1.1 and, in clear text, HTTP/2 from clients that begin with it (RFC 9113, section 3.3). Kestrel
/// speaks one of them at an end point in clear text. So it has an end point of its own for HTTP/2, which takes no
/// connections from the network but those that are handed over here.
/// </summary>
internal sealed class PriorKnowledge : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(130);

    private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>The end point at which what begins with HTTP/2 is served.</summary>
    public EndPoint EndPoint { get; } = new HandOver();

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Looks how a connection begins, and hands it over or on.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        switch (await BeginsWithPrefaceAsync(connection))
        {
            case true:
                var handed = new HandedOverConnection(connection);
                await _connections.Writer.WriteAsync(handed);
                await handed.Ended;
                break;
            case false:
                await next(connection);
                break;
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is HandOver;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken) && _connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    // Null where it ends before it says anything.
    private static async Task<bool?> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var limit = new CancellationTokenSource(s_longestSilence);
        var isEnding = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var ending = isEnding.Register(static input => ((System.IO.Pipelines.PipeReader)input!).CancelPendingRead(), input);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var isPreface = read.IsCanceled ? null : Compare(read.Buffer);
                if (isPreface is not null || read.IsCompleted || read.IsCanceled)
                {
                    // Nothing is taken, and all of it is read again.
                    input.AdvanceTo(read.Buffer.Start);
                    return isPreface ?? (read.Buffer.IsEmpty || read.IsCanceled ? null : false);
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // Null where more must come to tell.
    private static bool? Compare(ReadOnlySequence<byte> begin)
    {
        Span<byte> bytes = stackalloc byte[(int)Math.Min(begin.Length, Preface.Length)];
        begin.Slice(0, bytes.Length).CopyTo(bytes);
        return !Preface.StartsWith(bytes) ? false : bytes.Length == Preface.Length ? true : null;
    }

    private sealed class HandOver : EndPoint
    {
        public override string ToString() => "h2c";
    }
}
