using System.Text;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Frames of HTTP/2 by hand, RFC 9113, section 4: a client that is no library's can send anything in them.</summary>
internal static class Http2Frames
{
    private const byte DataType = 0;
    private const byte HeadersType = 1;
    private const byte SettingsType = 4;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int HeaderLength = 9;
    private const int LongestSilence = 30_000;

    /// <summary>The fields of a request's head.</summary>
    public static (string Name, string Value)[] Request(string method, string path) =>
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "hello.localhost")];

    /// <summary>A head, or trailers, of the first stream.</summary>
    public static byte[] Headers(bool isLast, params (string Name, string Value)[] fields) => Frame(
        HeadersType,
        (byte)(EndHeaders | (isLast ? EndStream : 0)),
        [.. fields.SelectMany(field => (byte[])[0, .. Text(field.Name), .. Text(field.Value)])]);

    /// <summary>A part of the body, which is not the last.</summary>
    public static byte[] Data(string text) => Frame(DataType, 0, Encoding.Latin1.GetBytes(text));

    /// <summary>Sends frames in clear text; gives the body of what is answered, until its end.</summary>
    public static async Task<string> AskAsync(TestGateway gateway, byte[] frames)
    {
        using var client = await RawMessage.ConnectAsync(gateway.Address);
        using var limit = new CancellationTokenSource(LongestSilence);
        var stream = client.GetStream();
        byte[] all = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(SettingsType, 0, [], stream: 0), .. frames];
        await stream.WriteAsync(all, limit.Token);
        var body = new StringBuilder();
        var header = new byte[HeaderLength];
        while (await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, limit.Token) == HeaderLength)
        {
            var payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await stream.ReadExactlyAsync(payload, limit.Token);
            if (header[3] == DataType)
            {
                body.Append(Encoding.Latin1.GetString(payload));
            }

            var isReset = header[3] is 3 or 7;
            if (isReset || (header[3] is DataType or HeadersType && (header[4] & EndStream) != 0))
            {
                break;
            }
        }

        return body.ToString();
    }

    private static byte[] Frame(byte type, byte flags, byte[] payload, int stream = 1) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload,
    ];

    // A text that is not compressed, with its length before it, RFC 7541, section 5.2.
    private static byte[] Text(string text)
    {
        const int Longest = 127;
        var bytes = Encoding.Latin1.GetBytes(text);
        if (bytes.Length < Longest)
        {
            return [(byte)bytes.Length, .. bytes];
        }

        var left = bytes.Length - Longest;
        return left < 128 ? [Longest, (byte)left, .. bytes] : [Longest, (byte)((left & 127) | 128), (byte)(left >> 7), .. bytes];
    }
}
