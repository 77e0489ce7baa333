using System.Buffers;
using Deployster.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;
using Known = Microsoft.Net.Http.Headers.HeaderNames;

namespace Deployster.Gateway.Http1;

/// <summary>
/// Whether a request can be written as HTTP/1.1, and means the same there. The server in front takes header names and trailers
/// of HTTP/2 that would be lines, or whole requests, of their own at a unit.
/// </summary>
internal static class RequestCheck
{
    private static readonly SearchValues<char> s_token = SearchValues.Create(HeaderNames.Characters);

    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create("\r\n\0");

    /// <summary>Whether a request may go on to a unit.</summary>
    public static bool IsSound(HttpContext context, string target)
    {
        if (target.AsSpan().ContainsAnyExceptInRange('!', '~') || HttpMethods.IsConnect(context.Request.Method) != context.IsExtendedConnect())
        {
            return false;
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                if (!IsField(name.StartsWith(':') ? name[1..] : name, value))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether a name and a value are a header line, or a trailer's. RFC 9110, section 5.</summary>
    public static bool IsField(string name, string? value) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_token) && !value.AsSpan().ContainsAny(s_lineEnds);

    /// <summary>Whether a name may stand in a head only, RFC 9110, section 6.5.1, or tells who the client is.</summary>
    public static bool IsOfHead(string name) =>
        HopHeaders.Contains(name)
        || name.Equals(Known.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Known.ContentLength, StringComparison.OrdinalIgnoreCase)
        || ForwardedHeaders.IsDropped(name, isTrusted: false);
}
