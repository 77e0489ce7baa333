using Deployster.Domain.Specs;
using Deployster.Gateway.Routing;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Forwarding;

/// <summary>Keeps a client at one unit, where its service asks for it.</summary>
internal static class AffinityCookie
{
    /// <summary>The cookie's name.</summary>
    public const string Name = "deployster_unit";

    /// <summary>What names the unit that the client is kept at; null for none.</summary>
    public static string? Read(HttpContext context, ServiceRoute route) =>
        route.Settings.Affinity == Affinity.Cookie ? context.Request.Cookies[Name] : null;

    /// <summary>Sees to it that the client comes back to the unit. Whatever was said of another one before is forgotten.</summary>
    public static void Write(HttpContext context, ServiceRoute route, Upstream upstream, string? keptAt)
    {
        if (route.Settings.Affinity != Affinity.Cookie)
        {
            return;
        }

        if (upstream.Key == keptAt)
        {
            context.Response.Headers.Remove("Set-Cookie");
            return;
        }

        var path = route.Settings is { PathPrefix: { } prefix } ? prefix.Value : "/";
        var secure = context.Request.IsHttps ? "; Secure" : "";
        context.Response.Headers.SetCookie = $"{Name}={upstream.Key}; Path={path}; HttpOnly; SameSite=Lax{secure}";
    }
}
