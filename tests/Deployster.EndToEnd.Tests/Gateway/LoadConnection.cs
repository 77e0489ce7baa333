using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>
/// A connection of a client that repeats nothing by itself: what is lost is seen to be lost. It knows as much of
/// HTTP/1.1 as the service for load answers in.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Stream _stream;
    private readonly string _host;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private LoadConnection(Stream stream, string host) => (_stream, _host) = (stream, host);

    /// <summary>Whether the other side closes it after the last answer.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects to a gateway, in HTTPS where its port is the one for that.</summary>
    public static async Task<LoadConnection> OpenAsync(LoadAddress address, string host, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (address.IsHttps)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
                stream = secure;
            }

            return new LoadConnection(stream, host);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request; gives the answer's body.</summary>
    /// <exception cref="IOException">The answer is not 200, or there is none that is whole.</exception>
    public async Task<string> AskAsync(
        string method, string path, ReadOnlyMemory<byte> body, bool isLast, CancellationToken cancellationToken)
    {
        var head = $"{method} {path} HTTP/1.1\r\nHost: {_host}\r\n"
            + (isLast ? "Connection: close\r\n" : "")
            + (method == "POST" ? $"Content-Length: {body.Length}\r\n" : "")
            + "\r\n";
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        await _stream.WriteAsync(body, cancellationToken);
        return await ReceiveAsync(cancellationToken);
    }

    public void Dispose() => _stream.Dispose();

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        var (length, end) = (0, -1);
        while (end < 0)
        {
            length += await ReadAsync(_buffer.AsMemory(length), cancellationToken);
            end = _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }

        var head = Encoding.ASCII.GetString(_buffer, 0, end).Split("\r\n");
        var size = int.Parse(HeaderOf(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        IsOver = "close".Equals(HeaderOf(head, "Connection"), StringComparison.OrdinalIgnoreCase);
        for (var begin = end + 4; length < begin + size;)
        {
            length += await ReadAsync(_buffer.AsMemory(length), cancellationToken);
        }

        var body = Encoding.ASCII.GetString(_buffer, end + 4, size);
        return head[0].StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? body : throw new IOException($"{head[0]}: {body}");
    }

    private async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        await _stream.ReadAsync(buffer, cancellationToken) is > 0 and var read
            ? read
            : throw new IOException("cut before the answer was whole");

    private static string? HeaderOf(string[] head, string name) =>
        head.FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
