using Deployster.Gateway.Answers;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Log;
using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Forwarding;

/// <summary>
/// Forwards each request to a unit of its service. One that could not be sent goes to another unit, and waits for a while
/// where none takes it; one that could, but has no answer, is sent once more where asking twice does no harm.
/// </summary>
internal sealed partial class RequestForwarder(
    GatewayOptions options,
    RequestHead head,
    Http2Forwarder http2,
    ConnectionWatch watch,
    ErrorPages errors,
    TimeProvider time,
    ILogger<RequestForwarder> logger)
{
    // A unit that refuses connections is asked again so often while requests wait.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    public async Task ForwardAsync(HttpContext context, ServiceRoute route, RequestRecord record)
    {
        var keptAt = AffinityCookie.Read(context, route);
        var isAskedAgain = false;
        List<Upstream>? tried = null;
        long? waitingSince = null;
        while (true)
        {
            var changed = route.Changed;
            if (route.Enter(tried ?? [], keptAt) is not { } upstream)
            {
                if (isAskedAgain || !await WaitAsync(context, changed, waitingSince ??= time.GetTimestamp()))
                {
                    break;
                }

                tried = null;
                continue;
            }

            ForwardResult result;
            try
            {
                AffinityCookie.Write(context, route, upstream, keptAt);
                record.Unit = upstream.Unit;
                result = await SendAsync(context, route, upstream, record);
            }
            finally
            {
                route.Leave(upstream);
            }

            if (result.Outcome is ForwardOutcome.Answered or ForwardOutcome.ClientGone)
            {
                return;
            }

            record.Unit = null;
            switch (result.Outcome)
            {
                case ForwardOutcome.ClientLate:
                    await errors.WriteAsync(context, ErrorPage.BodyTooLate);
                    return;
                case ForwardOutcome.ClientBroken:
                    await errors.WriteAsync(context, ErrorPage.NoBody);
                    return;
                case ForwardOutcome.Late:
                    await errors.WriteAsync(context, ErrorPage.TooLate(route.Service.Value));
                    return;
                case ForwardOutcome.Stale:
                    // The others that it kept are as old. A new one tells whether the unit answers.
                    upstream.Connections.CloseAllIdle();
                    break;
                default:
                    if (route.Avoid(upstream))
                    {
                        LogNoAnswer(upstream.Unit.ToString(), upstream.Endpoint, result.Cause);
                    }

                    (tried ??= []).Add(upstream);
                    break;
            }

            if (result.Outcome != ForwardOutcome.NotConnected)
            {
                var isLast = isAskedAgain || !CanBeAskedAgain(context);
                isAskedAgain = true;
                if (isLast)
                {
                    break;
                }
            }
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            var service = route.Service.Value;
            await errors.WriteAsync(context, isAskedAgain ? ErrorPage.NoAnswer(service) : ErrorPage.NoHealthyUnit(service));
        }
    }

    // Gives whether it is worth to look for a unit again.
    private async Task<bool> WaitAsync(HttpContext context, Task changed, long since)
    {
        if (time.GetElapsedTime(since) >= options.Hold || context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            await changed.WaitAsync(s_pause, time, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            // A unit may take connections again before the table says so.
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return true;
    }

    private ValueTask<ForwardResult> SendAsync(HttpContext context, ServiceRoute route, Upstream upstream, RequestRecord record) =>
        HttpProtocol.IsHttp2(context.Request.Protocol)
            ? SendHttp2Async(context, route, upstream, record)
            : UnitExchange.RunAsync(context, head, upstream.Connections, watch, route.Settings, record);

    private async ValueTask<ForwardResult> SendHttp2Async(HttpContext context, ServiceRoute route, Upstream upstream, RequestRecord record) =>
        context.IsExtendedConnect() || await upstream.SpeaksHttp2Async()
            ? await http2.ForwardAsync(context, route, upstream, record)
            : await UnitExchange.RunAsync(context, head, upstream.Connections, watch, route.Settings, record);

    private static bool CanBeAskedAgain(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.MayHaveBody();

    [LoggerMessage(LogLevel.Warning, "{Unit} at {Endpoint} does not answer: {Cause}")]
    private partial void LogNoAnswer(string unit, string endpoint, string? cause);
}
