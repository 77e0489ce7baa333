using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>
/// Forwards each request to a unit of its service. One that could not be sent goes to another unit; one that could,
/// but has no answer, does so once more where asking twice does no harm.
/// </summary>
internal sealed partial class RequestForwarder(
    Router router, IHttpForwarder forwarder, UnitClient client, ForwardedHeaders headers, ILogger<RequestForwarder> logger)
{
    public async Task ForwardAsync(HttpContext context)
    {
        if (router.Find(context.Request.Host.Host) is not { } route)
        {
            await (router.IsReady ? ErrorPage.NoSuchHost(context.Request.Host.Host) : ErrorPage.NotReady).WriteAsync(context);
            return;
        }

        var isAskedAgain = false;
        List<Upstream> tried = [];
        while (route.Enter(tried) is { } upstream)
        {
            ForwarderError error;
            try
            {
                var config = HttpProtocol.IsHttp2(context.Request.Protocol) && await upstream.SpeaksHttp2Async()
                    ? UnitClient.Http2
                    : UnitClient.Http1;
                error = await forwarder.SendAsync(context, upstream.Address, client.Invoker, config, headers);
            }
            finally
            {
                route.Leave(upstream);
            }

            if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            var cause = context.GetForwarderErrorFeature()?.Exception;
            var isSent = !IsConnectFailure(cause);
            if (error is ForwarderError.Request or ForwarderError.RequestTimedOut)
            {
                LogNoAnswer(upstream.Unit.ToString(), upstream.Endpoint, cause?.Message);
                route.Avoid(upstream);
            }

            if (isSent && (error != ForwarderError.Request || isAskedAgain || !CanBeAskedAgain(context)))
            {
                await AnswerAsync(context, error, route);
                return;
            }

            isAskedAgain |= isSent;
            tried.Add(upstream);
            context.Response.Clear();
        }

        await (isAskedAgain ? ErrorPage.NoAnswer(route.Service.Value) : ErrorPage.NoHealthyUnit(route.Service.Value)).WriteAsync(context);
    }

    // What the forwarder says of a client that sent its body badly stands.
    private static Task AnswerAsync(HttpContext context, ForwarderError error, ServiceRoute route) =>
        error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled
            ? Task.CompletedTask
            : ErrorPage.NoAnswer(route.Service.Value).WriteAsync(context);

    private static bool IsConnectFailure(Exception? cause) => cause
        is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
        or OperationCanceledException { InnerException: TimeoutException };

    private static bool CanBeAskedAgain(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;

    [LoggerMessage(LogLevel.Warning, "{Unit} at {Endpoint} does not answer: {Cause}")]
    private partial void LogNoAnswer(string unit, string endpoint, string? cause);
}
