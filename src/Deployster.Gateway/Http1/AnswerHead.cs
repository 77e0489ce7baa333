using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Deployster.Gateway.Http1;

/// <summary>The head of a unit's answer, as it came. RFC 9112, sections 4 to 6.</summary>
internal sealed class AnswerHead
{
    private const string ContentLength = "Content-Length";
    private const string TransferEncoding = "Transfer-Encoding";

    private static readonly SearchValues<byte> s_token = SearchValues.Create(Encoding.ASCII.GetBytes(HeaderNames.Characters));

    // What no value may have, RFC 9110, section 5.5: control characters other than a tab.
    private static readonly SearchValues<byte> s_forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code != '\t').Select(code => (byte)code), 127]);

    private readonly List<(string Name, string Value)> _headers = [];

    private AnswerHead(int status, string reason, bool keepsAlive)
    {
        (Status, Reason, KeepsAlive) = (status, reason, keepsAlive);
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>What the unit says of its status.</summary>
    public string Reason { get; }

    /// <summary>The header lines, each by itself and in their order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers => _headers;

    /// <summary>Whether the connection may be used again afterwards.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>How the body ends, if the answer has one.</summary>
    public BodyFraming Framing { get; private set; } = BodyFraming.Close;

    /// <summary>How many bytes the body has, where the head says so.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the body is coded for the transfer in another way than in chunks.</summary>
    public bool IsCoded { get; private set; }

    /// <summary>Whether another head follows.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>The names that the <c>Connection</c> header has.</summary>
    public ImmutableArray<string> ConnectionNames { get; private set; } = [];

    /// <summary>Reads a head; gives how many bytes it was, or 0 where it is not whole yet.</summary>
    /// <exception cref="BrokenAnswerException">It is none.</exception>
    public static int TryParse(ReadOnlySpan<byte> bytes, out AnswerHead? head)
    {
        head = null;
        var length = LengthOf(bytes);
        if (length == 0)
        {
            return 0;
        }

        var lines = bytes[..length];
        head = ParseStatusLine(NextLine(ref lines));
        for (var line = NextLine(ref lines); !line.IsEmpty; line = NextLine(ref lines))
        {
            head.Add(line);
        }

        head.FindFraming();
        return length;
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; bytes[at..].IndexOf((byte)'\n') is >= 0 and var next;)
        {
            at += next + 1;
            if (at < bytes.Length && bytes[at] == '\n')
            {
                return at + 1;
            }

            if (at + 1 < bytes.Length && bytes[at] == '\r' && bytes[at + 1] == '\n')
            {
                return at + 2;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf((byte)'\n');
        var line = lines[..end];
        lines = lines[(end + 1)..];
        return line is [.. var content, (byte)'\r'] ? content : line;
    }

    // HTTP/1.1 200 OK
    private static AnswerHead ParseStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' '
            || (line.Length > 12 && line[12] != ' ')
            || !int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status < 100)
        {
            throw new BrokenAnswerException("Its first line is none of HTTP/1.1.");
        }

        // The words say nothing that the number does not.
        var reason = line.Length > 13 && !line[13..].ContainsAny(s_forbidden) ? Encoding.Latin1.GetString(line[13..]) : "";
        return new AnswerHead(status, reason, keepsAlive: line[7] == '1');
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(s_token))
        {
            throw new BrokenAnswerException("It has a header without a name.");
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAny(s_forbidden))
        {
            throw new BrokenAnswerException("It has a header with a control character in it.");
        }

        _headers.Add((HeaderNames.Of(line[..colon]), Encoding.Latin1.GetString(value)));
    }

    private void FindFraming()
    {
        string? coding = null, length = null;
        var (isLengthSaidAgain, isCodedAsIs) = (false, false);
        foreach (var (name, value) in _headers)
        {
            if (name.Equals(ContentLength, StringComparison.OrdinalIgnoreCase))
            {
                if (length is not null && length != value)
                {
                    throw new BrokenAnswerException("It has two lengths.");
                }

                (isLengthSaidAgain, length) = (length is not null, value);
            }
            else if (name.Equals(TransferEncoding, StringComparison.OrdinalIgnoreCase))
            {
                if (value.Equals("identity", StringComparison.OrdinalIgnoreCase))
                {
                    isCodedAsIs = true;
                    continue;
                }

                coding = coding is null ? value : $"{coding}, {value}";
            }
            else if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                ConnectionNames = [.. ConnectionNames, .. names];
            }
        }

        if (isLengthSaidAgain)
        {
            _headers.RemoveAll(header => header.Name.Equals(ContentLength, StringComparison.OrdinalIgnoreCase));
            _headers.Add((ContentLength, length!));
        }

        if (isCodedAsIs)
        {
            _headers.RemoveAll(header => header.Name.Equals(TransferEncoding, StringComparison.OrdinalIgnoreCase) && header.Value.Equals("identity", StringComparison.OrdinalIgnoreCase));
        }

        if (ConnectionNames.Contains("close", StringComparer.OrdinalIgnoreCase))
        {
            KeepsAlive = false;
        }
        else if (ConnectionNames.Contains("keep-alive", StringComparer.OrdinalIgnoreCase))
        {
            KeepsAlive = true;
        }

        if (coding is not null)
        {
            // A length beside it says nothing. What ends neither in chunks nor by its length ends with the connection.
            var codings = coding.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Framing = codings is [.., var last] && last.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? BodyFraming.Chunked
                : BodyFraming.Close;
            IsCoded = codings.Length > 1 || Framing == BodyFraming.Close;
            KeepsAlive &= length is null && Framing == BodyFraming.Chunked;
        }
        else if (length is not null)
        {
            if (!long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                throw new BrokenAnswerException("Its length is no number.");
            }

            (Framing, Length) = (BodyFraming.Length, count);
        }
        else
        {
            KeepsAlive &= Status is 204 or 304 or < 200;
        }
    }
}
