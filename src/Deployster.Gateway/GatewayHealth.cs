using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Deployster.Gateway;

/// <summary>Tells a balancer in front whether the gateway serves. A service's own path of that name is the service's.</summary>
internal sealed class GatewayHealth(IHostApplicationLifetime lifetime)
{
    /// <summary>Whether a request asks for the gateway itself: by an address or a name that is no service's.</summary>
    public static bool Takes(HttpContext context, Router router) =>
        context.Request.Path == "/healthz" && !router.HasHost(context.Request.Host.Host);

    public Task AnswerAsync(HttpContext context)
    {
        var isEnding = lifetime.ApplicationStopping.IsCancellationRequested;
        context.Response.StatusCode = isEnding ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(isEnding ? "The gateway is ending.\n" : "The gateway serves.\n", context.RequestAborted);
    }
}
