using System.Net.Sockets;
using Deployster.Application.Routing;
using Deployster.Domain.Specs;
using Deployster.Gateway.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Deployster.Gateway.Http1;

/// <summary>One request at a unit, and its answer.</summary>
internal sealed class UnitExchange
{
    private const int MaxHeadLength = 256 * 1024;

    private readonly HttpContext _context;
    private readonly UnitConnection _connection;
    private readonly ConnectionWatch _watch;
    private readonly Timeouts _timeouts;
    private readonly RequestRecord _record;

    private UnitExchange(
        HttpContext context, UnitConnection connection, ConnectionWatch watch, Timeouts timeouts, RequestRecord record) =>
        (_context, _connection, _watch, _timeouts, _record) = (context, connection, watch, timeouts, record);

    /// <summary>Sends the request to a unit, and its answer to the client.</summary>
    /// <param name="context">The request, and where its answer goes.</param>
    /// <param name="head">Writes the request's head.</param>
    /// <param name="connections">The connections to the unit.</param>
    /// <param name="watch">Ends what stands still for too long.</param>
    /// <param name="settings">How the service's requests are handled on their way.</param>
    /// <param name="record">What is noted of the request.</param>
    public static async ValueTask<ForwardResult> RunAsync(
        HttpContext context,
        RequestHead head,
        UnitConnections connections,
        ConnectionWatch watch,
        RouteSettings settings,
        RequestRecord record)
    {
        UnitConnection connection;
        try
        {
            connection = await connections.RentAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return context.RequestAborted.IsCancellationRequested
                ? new ForwardResult(ForwardOutcome.ClientGone)
                : new ForwardResult(ForwardOutcome.NotConnected, e is SocketException ? e.Message : "It took too long to connect.");
        }

        var exchange = new UnitExchange(context, connection, watch, settings.Timeouts, record);
        var isReusable = false;
        try
        {
            await using var hangUp = context.RequestAborted.UnsafeRegister(static state => ((UnitConnection)state!).Abort(), connection);
            (var result, isReusable) = await exchange.RunAsync(head, settings);
            return result;
        }
        finally
        {
            // The request's context is another one's from now on.
            connection.OnOverdue(null);
            if (isReusable && !context.RequestAborted.IsCancellationRequested)
            {
                connections.Return(connection);
            }
            else
            {
                connections.Close(connection);
            }
        }
    }

    private async ValueTask<(ForwardResult Result, bool IsReusable)> RunAsync(RequestHead head, RouteSettings settings)
    {
        var request = _context.Request;
        var upgrade = MayUpgrade(request) ? _context.Features.Get<IHttpUpgradeFeature>() : null;
        var hasBody = upgrade is null && _context.MayHaveBody();
        var isChunked = hasBody && (request.ContentLength is null || request.Headers.TransferEncoding.Count > 0);
        RequestBody? body = null;
        Task upload = Task.CompletedTask;
        AnswerRelay? relay = null;
        try
        {
            _connection.SetDue(_watch.In(hasBody ? _timeouts.Idle : _timeouts.Response));
            using (var written = head.Write(_context, settings, _record, upgrade is not null, isChunked))
            {
                await _connection.SendAsync(written.Written);
            }

            if (hasBody)
            {
                body = new RequestBody(_context, _connection, _watch, _timeouts, _record, isChunked);
                upload = body.SendAsync();
            }

            var answer = await ReadHeadAsync(body);
            body?.AnswerHasBegun();
            _connection.OnOverdue(_context.Abort);
            if (answer.Status == StatusCodes.Status101SwitchingProtocols && upgrade is not null)
            {
                await new UpgradedStream(_context, upgrade, _connection, _watch, _timeouts, _record).RunAsync(answer);
                return (new ForwardResult(ForwardOutcome.Answered), false);
            }

            relay = new AnswerRelay(_context, _connection, _watch, _timeouts, _record);
            var isWhole = await relay.RelayAsync(answer);
            return (new ForwardResult(ForwardOutcome.Answered), isWhole && answer.KeepsAlive && upload.IsCompletedSuccessfully);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return (ResultOf(e, relay is { HasBegun: true } || _context.Response.HasStarted, body), false);
        }
        finally
        {
            if (body is not null)
            {
                body.Stop();
                if (!upload.IsCompleted)
                {
                    // A unit that has answered may read no more of it, and never end.
                    _connection.Abort();
                }

                await upload;
            }
        }
    }

    private ForwardResult ResultOf(Exception exception, bool hasStarted, RequestBody? body)
    {
        if (hasStarted)
        {
            // The client has a part of the answer, and must not take it for the whole.
            _context.Abort();
            return new ForwardResult(ForwardOutcome.Answered, exception.Message);
        }

        if (_context.RequestAborted.IsCancellationRequested)
        {
            return new ForwardResult(ForwardOutcome.ClientGone);
        }

        return body is { IsBrokenByClient: true } ? new ForwardResult(ForwardOutcome.ClientBroken)
            : !_connection.IsOverdue ? new ForwardResult(
                _connection is { IsUsed: true, Unread.IsEmpty: true } ? ForwardOutcome.Stale : ForwardOutcome.NoAnswer, exception.Message)
            : body is { HasEnded: false } ? new ForwardResult(ForwardOutcome.ClientLate)
            : new ForwardResult(ForwardOutcome.Late, "It did not answer in time.");
    }

    // A connection that became HTTP/2 would carry requests past the gateway.
    private bool MayUpgrade(HttpRequest request) =>
        _context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && !request.Headers.Upgrade.ToString().Contains("h2c", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<AnswerHead> ReadHeadAsync(RequestBody? body)
    {
        while (true)
        {
            var length = AnswerHead.TryParse(_connection.Unread.Span, out var head);
            if (length > 0)
            {
                _connection.Take(length);
                if (!head!.IsInterim)
                {
                    return head;
                }

                // The others, such as 103, cannot be handed on: the server has no way to send them.
                if (head.Status == StatusCodes.Status100Continue)
                {
                    body?.Continue();
                }
            }
            else if (_connection.Unread.Length > MaxHeadLength)
            {
                throw new BrokenAnswerException($"The head of its answer is longer than {MaxHeadLength} bytes.");
            }
            else if (await _connection.ReadAsync() == 0)
            {
                throw new BrokenAnswerException("It hung up before it answered.");
            }
        }
    }
}
