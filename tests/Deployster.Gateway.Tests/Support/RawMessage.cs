using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A request or an answer of HTTP/1.1 as bytes, each of them one character.</summary>
internal static partial class RawMessage
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Reads one message to its end; empty where the other side has hung up before.</summary>
    public static Task<string> ReadAsync(Stream stream, bool hasBody = true) => ReadUntilAsync(stream, text => IsWhole(text, hasBody));

    /// <summary>Reads all until the other side hangs up.</summary>
    public static Task<string> ReadToEndAsync(Stream stream) => ReadUntilAsync(stream, _ => false);

    /// <summary>Reads until it is enough, or the other side hangs up.</summary>
    public static async Task<string> ReadUntilAsync(Stream stream, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!isEnough(text.ToString()))
        {
            using var limit = new CancellationTokenSource(s_limit);
            var read = await stream.ReadAsync(buffer, limit.Token);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Opens a connection to a server.</summary>
    public static async Task<TcpClient> ConnectAsync(Uri server)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        return client;
    }

    /// <summary>Asks a server over a connection of its own; gives the bytes of the answer.</summary>
    public static async Task<string> AskAsync(Uri server, string request, bool hasBody = true)
    {
        using var client = await ConnectAsync(server);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(stream, hasBody);
    }

    /// <summary>The lines of a head, and the body behind it.</summary>
    public static (IReadOnlyList<string> Lines, string Body) Split(string message)
    {
        var parts = message.Split("\r\n\r\n", 2);
        return (parts[0].Split("\r\n"), parts.ElementAtOrDefault(1) ?? "");
    }

    private static bool IsWhole(string text, bool hasBody)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        var (lines, body) = (text[..head], text[(head + 4)..]);
        if (!hasBody)
        {
            return true;
        }

        if (Chunked().IsMatch(lines))
        {
            return LastChunk().IsMatch(body);
        }

        if (Length().Match(lines) is { Success: true } length)
        {
            return body.Length >= int.Parse(length.Groups[1].Value);
        }

        // An answer without either ends with its connection; a request has no body.
        return !lines.StartsWith("HTTP/", StringComparison.Ordinal) || lines.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)
            || lines.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) || lines.StartsWith("HTTP/1.1 304", StringComparison.Ordinal);
    }

    [GeneratedRegex("^transfer-encoding:.*chunked", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Chunked();

    [GeneratedRegex(@"(^|\r\n)0+(;[^\r]*)?\r\n([^\r]+\r\n)*\r\n")]
    private static partial Regex LastChunk();

    [GeneratedRegex(@"^content-length:\s*(\d+)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Length();
}
