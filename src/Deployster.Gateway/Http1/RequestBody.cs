using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Deployster.Domain.Specs;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deployster.Gateway.Http1;

/// <summary>The body of a request, on its way to a unit while that may already answer.</summary>
internal sealed class RequestBody(
    HttpContext context, UnitConnection connection, ConnectionWatch watch, Timeouts timeouts, RequestRecord record, bool isChunked)
{
    // As long as curl waits for a server that does not know of it.
    private static readonly TimeSpan s_continueLimit = TimeSpan.FromSeconds(1);

    private readonly PipeReader _body = context.Request.BodyReader;
    private readonly TaskCompletionSource _continue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopped;

    /// <summary>Whether the client broke off, or sent what is no body.</summary>
    public bool IsBrokenByClient { get; private set; }

    /// <summary>Whether the unit has all of it.</summary>
    public bool HasEnded { get; private set; }

    private bool _answerHasBegun;

    /// <summary>The unit wants the body, for which it was asked.</summary>
    public void Continue() => _continue.TrySetResult();

    /// <summary>The unit has begun to answer: the time until then is over.</summary>
    public void AnswerHasBegun() => Volatile.Write(ref _answerHasBegun, true);

    /// <summary>Sends no more of it.</summary>
    public void Stop()
    {
        if (!HasEnded)
        {
            Volatile.Write(ref _isStopped, true);
            _continue.TrySetResult();
            _body.CancelPendingRead();
        }
    }

    /// <summary>Sends it to its end, or until the unit takes no more.</summary>
    public async Task SendAsync()
    {
        try
        {
            if (context.Request.Headers.Expect.Count > 0)
            {
                await Task.WhenAny(_continue.Task, Task.Delay(s_continueLimit, context.RequestAborted));
            }

            while (!Volatile.Read(ref _isStopped))
            {
                if (!await SendPartAsync())
                {
                    continue;
                }

                HasEnded = true;
                if (!Volatile.Read(ref _answerHasBegun))
                {
                    connection.SetDue(watch.In(timeouts.Response));
                }

                return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The unit wants no more of it. What it answers tells why.
        }
    }

    // Gives whether it was the last.
    private async Task<bool> SendPartAsync()
    {
        ReadResult read;
        try
        {
            read = await _body.ReadAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            throw BreakOff(e.Message);
        }

        try
        {
            if (!read.Buffer.IsEmpty)
            {
                connection.SetDue(watch.In(timeouts.Idle));
                await SendAsync(read.Buffer);
                record.AddIn(read.Buffer.Length);
            }

            if (read.IsCompleted && isChunked)
            {
                await connection.SendAsync(Encoding.Latin1.GetBytes($"0\r\n{ReadTrailers()}\r\n"));
            }
        }
        finally
        {
            _body.AdvanceTo(read.Buffer.End);
        }

        return read.IsCompleted;
    }

    private async Task SendAsync(ReadOnlySequence<byte> bytes)
    {
        if (!isChunked)
        {
            foreach (var segment in bytes)
            {
                await connection.SendAsync(segment);
            }

            return;
        }

        var size = Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n");
        var length = size.Length + (int)bytes.Length + 2;
        var chunk = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            size.CopyTo(chunk, 0);
            bytes.CopyTo(chunk.AsSpan(size.Length));
            "\r\n"u8.CopyTo(chunk.AsSpan(length - 2));
            await connection.SendAsync(chunk.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // Half a request must not look like a whole one to the unit.
    private ObjectDisposedException BreakOff(string cause)
    {
        IsBrokenByClient = true;
        connection.Abort();
        return new ObjectDisposedException(null, cause);
    }

    private string ReadTrailers()
    {
        if (context.Features.Get<IHttpRequestTrailersFeature>() is not { Available: true } trailers)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, values) in trailers.Trailers)
        {
            foreach (var value in values)
            {
                if (!RequestCheck.IsField(name, value))
                {
                    throw BreakOff("A trailer is no field.");
                }

                if (!RequestCheck.IsOfHead(name))
                {
                    text.Append(name).Append(": ").Append(value).Append("\r\n");
                }
            }
        }

        return text.ToString();
    }
}
