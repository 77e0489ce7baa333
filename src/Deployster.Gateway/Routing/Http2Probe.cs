using System.Net.Sockets;

namespace Deployster.Gateway.Routing;

/// <summary>Finds out whether a server speaks HTTP/2 in clear text: by greeting it so, RFC 9113, section 3.4.</summary>
internal static class Http2Probe
{
    private const byte SettingsFrame = 4;
    private const int FrameHeaderLength = 9;

    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(2);

    /// <summary>Asks a server, <c>host:port</c>.</summary>
    /// <exception cref="SocketException">There is none.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    /// <exception cref="OperationCanceledException">It did not answer in time.</exception>
    public static async Task<bool> AskAsync(string endpoint)
    {
        using var limit = new CancellationTokenSource(s_longestWait);
        var address = new Uri($"http://{endpoint}");
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host.Trim('[', ']'), address.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), limit.Token);

        // Its own settings are the first that a server of HTTP/2 sends; one of HTTP/1.1 refuses, or hangs up.
        var header = new byte[FrameHeaderLength];
        var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, limit.Token);
        if (read == 0)
        {
            // So does a port whose program does not listen yet.
            throw new IOException("It hung up without a word.");
        }

        return read == header.Length && header[3] == SettingsFrame && header.AsSpan(5).IndexOfAnyExcept((byte)0) < 0;
    }
}
