using System.Diagnostics;
using Deployster.Gateway.Answers;
using Deployster.Gateway.Forwarding;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Log;
using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway;

/// <summary>Answers a request, or finds who does: a unit of the service that the request belongs to.</summary>
internal sealed class RequestHandler(
    Router router,
    RequestForwarder forwarder,
    AcmeChallenges challenges,
    HttpsRedirect redirect,
    ErrorPages errors,
    GatewayHealth health,
    StrictTransport strictTransport,
    RequestLog log,
    GatewayMetrics metrics,
    TimeProvider time)
{
    private int _inFlight;

    /// <summary>How many requests are being answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _inFlight);
        var record = new RequestRecord();
        var (begun, started) = (log.IsOn ? time.GetUtcNow() : default, time.GetTimestamp());
        try
        {
            await HandleAsync(context, record);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            var duration = time.GetElapsedTime(started);
            if (record.Service is { } service)
            {
                metrics.Add(service.Value, context.Response.StatusCode, duration);
            }

            if (log.IsOn)
            {
                log.Add(context, record, begun, duration);
            }
        }
    }

    private Task HandleAsync(HttpContext context, RequestRecord record)
    {
        if (challenges.Takes(context))
        {
            return challenges.AnswerAsync(context);
        }

        var host = context.Request.Host.Host;
        var target = context.Target();
        if (!RequestCheck.IsSound(context, target))
        {
            return errors.WriteAsync(context, ErrorPage.NoRequest);
        }

        if (router.Find(host, target) is not { } route)
        {
            return GatewayHealth.Takes(context, router)
                ? health.AnswerAsync(context)
                : errors.WriteAsync(context, !router.IsReady ? ErrorPage.NotReady : router.HasHost(host) ? ErrorPage.NoSuchPath(host) : ErrorPage.NoSuchHost(host));
        }

        record.Service = route.Service;
        if (redirect.Takes(context, route))
        {
            redirect.Answer(context);
            return Task.CompletedTask;
        }

        strictTransport.Announce(context);
        return route.Maintenance is { } closed
            ? errors.WriteAsync(context, ErrorPage.Closed(route.Service.Value, closed))
            : forwarder.ForwardAsync(context, route, record);
    }
}
