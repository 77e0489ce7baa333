using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deployster.Gateway.Http1;

/// <summary>What the server knows of a request beside its head.</summary>
internal static class RequestTraits
{
    /// <summary>The target in the form that a unit is asked in: a proxy's begins with the scheme and the host.</summary>
    public static string Target(this HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length == 0 || target[0] is '/' or '*')
        {
            return target;
        }

        var authority = target.IndexOf("://", StringComparison.Ordinal);
        var path = authority < 0 ? -1 : target.IndexOfAny(['/', '?'], authority + 3);
        return path < 0 ? "/" : target[path] == '?' ? $"/{target[path..]}" : target[path..];
    }

    /// <summary>Whether a body may come.</summary>
    public static bool MayHaveBody(this HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>Whether it asks for another protocol over HTTP/2, such as a WebSocket, RFC 8441.</summary>
    public static bool IsExtendedConnect(this HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
}
