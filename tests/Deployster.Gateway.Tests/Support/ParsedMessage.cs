using System.Globalization;
using System.Text;

namespace Deployster.Gateway.Tests.Support;

/// <summary>What a message of HTTP/1.1 means, however its body is framed.</summary>
/// <param name="Start">Its first line.</param>
/// <param name="Headers">Its header lines, but for those of the framing and the connection, sorted.</param>
/// <param name="Body">Its body.</param>
/// <param name="Trailers">What stands behind the body, sorted.</param>
/// <param name="IsWhole">Whether it came to its end.</param>
internal sealed record ParsedMessage(string Start, IReadOnlyList<string> Headers, string Body, IReadOnlyList<string> Trailers, bool IsWhole)
{
    // What a proxy may say or leave out: who it is for, how the connection goes on, when it was.
    private static readonly string[] s_own =
    [
        "connection:", "keep-alive:", "transfer-encoding:", "content-length:", "date:", "x-forwarded-for:", "x-forwarded-proto:",
        "x-forwarded-host:", "x-request-id:",
    ];

    /// <summary>Whether the message itself tells where it ends; otherwise it ends with its connection.</summary>
    public bool IsFramed { get; private init; } = true;

    /// <summary>Reads the last of the messages that came: interim answers before it are left out.</summary>
    public static ParsedMessage Parse(string bytes, bool hasBody = true)
    {
        while (true)
        {
            var end = bytes.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                return new ParsedMessage("", [], "", [], false);
            }

            var lines = bytes[..end].Split("\r\n");
            bytes = bytes[(end + 4)..];
            if (!lines[0].StartsWith("HTTP/1.1 1", StringComparison.Ordinal))
            {
                return Parse(lines, bytes, hasBody);
            }
        }
    }

    /// <summary>All of it, to be compared.</summary>
    public override string ToString() =>
        $"{Start}\n{string.Join('\n', Headers)}\n\n{Body}\n{string.Join('\n', Trailers)}\nwhole: {IsWhole}";

    private static ParsedMessage Parse(string[] lines, string rest, bool hasBody)
    {
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Select(parts => $"{parts[0].ToLowerInvariant()}: {parts[1].Trim()}")
            .ToList();
        var shown = headers.Where(line => !s_own.Any(own => line.StartsWith(own, StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToList();
        string? Of(string name) => headers.FirstOrDefault(line => line.StartsWith($"{name}: ", StringComparison.Ordinal))?[(name.Length + 2)..];
        if (!hasBody)
        {
            return new ParsedMessage(lines[0], shown, "", [], true);
        }

        if (Of("transfer-encoding") is not null)
        {
            var (body, trailers, isWhole) = ReadChunks(rest);
            return new ParsedMessage(lines[0], shown, body, trailers, isWhole);
        }

        return Of("content-length") is { } length
            ? new ParsedMessage(lines[0], shown, rest, [], rest.Length == int.Parse(length, CultureInfo.InvariantCulture))
            : new ParsedMessage(lines[0], shown, rest, [], true) { IsFramed = false };
    }

    private static (string Body, IReadOnlyList<string> Trailers, bool IsWhole) ReadChunks(string rest)
    {
        var body = new StringBuilder();
        while (rest.IndexOf("\r\n", StringComparison.Ordinal) is >= 0 and var end)
        {
            var size = int.Parse(rest[..end].Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[(end + 2)..];
            if (size == 0)
            {
                var isWhole = rest == "\r\n" || rest.EndsWith("\r\n\r\n", StringComparison.Ordinal);
                var trailers = rest.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
                return (body.ToString(), trailers, isWhole);
            }

            if (rest.Length < size + 2)
            {
                body.Append(rest.AsSpan(0, Math.Min(size, rest.Length)));
                break;
            }

            body.Append(rest.AsSpan(0, size));
            rest = rest[(size + 2)..];
        }

        return (body.ToString(), [], false);
    }
}
