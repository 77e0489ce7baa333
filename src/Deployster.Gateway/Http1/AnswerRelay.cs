using System.Buffers;
using System.IO.Pipelines;
using Deployster.Domain.Specs;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Known = Microsoft.Net.Http.Headers.HeaderNames;

namespace Deployster.Gateway.Http1;

/// <summary>Hands a unit's answer to the client.</summary>
internal sealed class AnswerRelay(
    HttpContext context, UnitConnection connection, ConnectionWatch watch, Timeouts timeouts, RequestRecord record)
{
    private const int LargeRead = 32 * 1024;
    private const int ResetContent = StatusCodes.Status205ResetContent;

    private static readonly TimeSpan s_slowestMegabyte = TimeSpan.FromMinutes(10);

    private readonly PipeWriter _client = context.Response.BodyWriter;
    private bool _isFlushed;

    /// <summary>Whether the client may have a part of the answer.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Hands on the head, and the body to its end.</summary>
    /// <returns>Whether the unit sent nothing behind the end.</returns>
    /// <exception cref="IOException">The answer broke off, or the client did.</exception>
    public async ValueTask<bool> RelayAsync(AnswerHead head)
    {
        var framing = HasBody(head) ? head.Framing : BodyFraming.None;

        // In HTTP/1.1 the chunks are handed on as they came, with what stands behind the last one.
        var isVerbatim = framing == BodyFraming.Chunked && context.Request.Protocol == HttpProtocol.Http11;
        if (head.IsCoded && framing != BodyFraming.None && !isVerbatim)
        {
            throw new BrokenAnswerException("Its body is coded in a way that the client's protocol does not know.");
        }

        WriteHead(context, head, keepsCoding: isVerbatim);
        HasBegun = true;
        switch (framing)
        {
            case BodyFraming.Length:
                await RelayAsync(head.Length);
                break;
            case BodyFraming.Chunked:
                await RelayChunksAsync(isVerbatim);
                break;
            case BodyFraming.Close:
                await RelayToEndAsync();
                break;
        }

        return connection.Unread.IsEmpty && !IsBodyLeft(head);
    }

    /// <summary>Gives an answer the status and the headers of a unit's.</summary>
    public static void WriteHead(HttpContext context, AnswerHead head, bool keepsCoding)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        if (head.Reason.Length > 0 && head.Reason != ReasonPhrases.GetReasonPhrase(head.Status))
        {
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = head.Reason;
        }

        var headers = response.Headers;
        foreach (var (name, value) in head.Headers)
        {
            var isCoding = name.Equals(Known.TransferEncoding, StringComparison.OrdinalIgnoreCase);
            if ((isCoding && keepsCoding) || !(HopHeaders.Contains(name) || IsNamed(head, name) || IsOutdatedLength(head, name)))
            {
                headers[name] = headers.TryGetValue(name, out var before) ? StringValues.Concat(before, value) : value;
            }
        }
    }

    private static bool IsNamed(AnswerHead head, string name) =>
        !head.ConnectionNames.IsEmpty && head.ConnectionNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    // Where chunks tell the end a length says nothing, and where there is no body it must not be told, RFC 9110, section 8.6.
    private static bool IsOutdatedLength(AnswerHead head, string name) =>
        (head.Framing != BodyFraming.Length || head.Status is 204 or < 200) && name.Equals(Known.ContentLength, StringComparison.OrdinalIgnoreCase);

    private bool HasBody(AnswerHead head) =>
        !HttpMethods.IsHead(context.Request.Method) && head.Status is not (204 or ResetContent or 304 or < 200);

    // This status has no content either, but unlike the others it is framed as if it had.
    private bool IsBodyLeft(AnswerHead head) =>
        head.Status == ResetContent && !HttpMethods.IsHead(context.Request.Method) && head is not { Framing: BodyFraming.Length, Length: 0 };

    private async ValueTask RelayAsync(long length)
    {
        while (length > 0)
        {
            if (connection.Unread.IsEmpty)
            {
                await FlushHeadAsync();
                await ReadAsync(length);
            }

            var part = connection.Unread[..(int)Math.Min(length, connection.Unread.Length)];
            _client.Write(part.Span);
            record.AddOut(part.Length);
            connection.Take(part.Length);
            length -= part.Length;
            await FlushAsync(isLast: length == 0);
        }
    }

    private async ValueTask RelayChunksAsync(bool isVerbatim)
    {
        var scanner = new ChunkScanner();
        while (!scanner.HasEnded)
        {
            if (connection.Unread.IsEmpty)
            {
                await FlushHeadAsync();
                await ReadAsync(LargeRead);
            }

            connection.Take(Write(connection.Unread.Span, ref scanner, isVerbatim));
            await FlushAsync(isLast: scanner.HasEnded);
        }

        if (!isVerbatim && scanner.Trailer.Length > 0 && context.Response.SupportsTrailers())
        {
            AppendTrailers(scanner.Trailer);
        }
    }

    private int Write(ReadOnlySpan<byte> bytes, ref ChunkScanner scanner, bool isVerbatim)
    {
        var taken = 0;
        while (taken < bytes.Length && !scanner.HasEnded)
        {
            taken += scanner.Take(bytes[taken..], out var data);
            record.AddOut(data.Length);
            if (!isVerbatim)
            {
                _client.Write(data);
            }
        }

        if (isVerbatim)
        {
            _client.Write(bytes[..taken]);
        }

        return taken;
    }

    private void AppendTrailers(string lines)
    {
        foreach (var line in lines.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(':', 2) is [var name, var value])
            {
                context.Response.AppendTrailer(name, value.Trim());
            }
        }
    }

    private async ValueTask RelayToEndAsync()
    {
        do
        {
            _client.Write(connection.Unread.Span);
            record.AddOut(connection.Unread.Length);
            connection.Take(connection.Unread.Length);
            await FlushAsync();
            connection.SetDue(watch.In(timeouts.Idle));
        }
        while (await connection.ReadAsync(LargeRead) > 0);
    }

    private async ValueTask ReadAsync(long left)
    {
        connection.SetDue(watch.In(timeouts.Idle));
        if (await connection.ReadAsync((int)Math.Min(left, LargeRead)) == 0)
        {
            throw new BrokenAnswerException("It broke off in the middle of its answer.");
        }
    }

    // What is the first part and the last is sent with the end of the answer, at once.
    private async ValueTask FlushAsync(bool isLast = false)
    {
        if (isLast && !_isFlushed)
        {
            return;
        }

        // The unit waits meanwhile. The system takes more only when the client has read about a megabyte, so that one that
        // reads slowly looks as if it did not.
        connection.SetDue(watch.In(timeouts.Idle is { } idle ? (idle > s_slowestMegabyte ? idle : s_slowestMegabyte) : null));
        _isFlushed = true;
        if ((await _client.FlushAsync(CancellationToken.None)).IsCompleted)
        {
            throw new IOException("The client went away.");
        }
    }

    // Who waits for the head, as one does that opens a stream of events, has it before the body comes.
    private ValueTask FlushHeadAsync() => _isFlushed ? ValueTask.CompletedTask : FlushAsync();
}
