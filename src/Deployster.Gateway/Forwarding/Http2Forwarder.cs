using Deployster.Gateway.Http1;
using Deployster.Gateway.Log;
using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>Forwards what came in HTTP/2 to a unit that speaks it, too, and WebSockets of HTTP/2 to any.</summary>
internal sealed class Http2Forwarder(IHttpForwarder forwarder, UnitClient client, ForwardedHeaders headers)
{
    public async Task<ForwardResult> ForwardAsync(HttpContext context, ServiceRoute route, Upstream upstream, RequestRecord record)
    {
        var isSocket = context.IsExtendedConnect();
        var config = isSocket ? UnitClient.Socket : UnitClient.Http2;
        var settings = route.Settings;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (!isSocket && !context.MayHaveBody())
        {
            late.CancelAfter(settings.Timeouts.Response);
        }

        var error = await forwarder.SendAsync(
            context,
            upstream.Address,
            client.Invoker,
            config with { ActivityTimeout = settings.Timeouts.Idle ?? UnitClient.DeadAfter },
            new Http2Headers(headers, settings, record, late),
            late.Token);
        var cause = context.GetForwarderErrorFeature()?.Exception;
        if (error == ForwarderError.None || context.Response.HasStarted)
        {
            return new ForwardResult(ForwardOutcome.Answered, cause?.Message);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            return new ForwardResult(ForwardOutcome.ClientGone);
        }

        context.Response.Clear();
        if (error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled)
        {
            return new ForwardResult(ForwardOutcome.ClientBroken);
        }

        return new ForwardResult(
            IsConnectFailure(cause) ? ForwardOutcome.NotConnected
                : error == ForwarderError.RequestTimedOut || late.IsCancellationRequested ? ForwardOutcome.Late
                : ForwardOutcome.NoAnswer,
            cause?.Message);
    }

    private static bool IsConnectFailure(Exception? cause) => cause
        is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
        or OperationCanceledException { InnerException: TimeoutException };
}
