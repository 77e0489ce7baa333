using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Deployster.Api.Security;

/// <summary>
/// Refuses requests that do not address this machine. For the default password, which everybody knows: a page whose host
/// name is made to mean 127.0.0.1 after it was loaded is of the API's own origin for a browser, so that nothing else stops it.
/// </summary>
internal static class LocalHostGuard
{
    private const string LocalName = "localhost";

    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsLocal(context.Request.Host.Host) && IsLocal(HostOfTarget(context.Request))
            ? next(context)
            : Results.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: "With the default password the API answers only to localhost and to loopback addresses. "
                    + "Give -password-file=FILE or -users-file=FILE to reach it by another host name.").ExecuteAsync(context);

    /// <summary>Whether a host name, as it is written in a URL, is one of this machine alone; also where it is left out.</summary>
    internal static bool IsLocal(string host)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return host.Length == 0
            || name.Equals(LocalName, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($".{LocalName}", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address)
                && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }

    // HTTP/1.0 may name a host in the target and none in a header.
    private static string HostOfTarget(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') || !Uri.TryCreate(target, UriKind.Absolute, out var uri) ? "" : uri.Host;
    }
}
