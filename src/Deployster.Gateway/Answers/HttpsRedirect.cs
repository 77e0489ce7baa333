using System.Globalization;
using Deployster.Gateway.Certificates;
using Deployster.Gateway.Forwarding;
using Deployster.Gateway.Http1;
using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Answers;

/// <summary>Sends clients from plain HTTP to HTTPS.</summary>
internal sealed class HttpsRedirect(GatewayOptions options, CertificateStore certificates, ForwardedHeaders forwarded)
{
    private const int HttpsPort = 443;

    /// <summary>Whether a request to a service is sent to HTTPS.</summary>
    public bool Takes(HttpContext context, ServiceRoute route)
    {
        var wanted = route.Settings.HttpsRedirect
            ?? (options.RedirectsToHttps && options.HttpsListen is not null && certificates.Knows(context.Request.Host.Host));
        return wanted && !context.Request.IsHttps && !CameInHttps(context);
    }

    public void Answer(HttpContext context)
    {
        var host = context.Request.Host;

        // Whoever named no port came by the usual one, and finds HTTPS at its usual one, too, wherever that is mapped to.
        var port = host.Port is null ? HttpsPort : options.HttpsListen?.Port ?? HttpsPort;
        var suffix = port == HttpsPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
        var target = context.Target();
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{host.Host}{suffix}{(target.StartsWith('/') ? target : "/")}";
        context.Response.ContentLength = 0;
    }

    // A proxy in front has ended the client's HTTPS.
    private bool CameInHttps(HttpContext context) =>
        forwarded.IsTrusted(context)
        && context.Request.Headers["X-Forwarded-Proto"].ToString().Equals("https", StringComparison.OrdinalIgnoreCase);
}
