using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Deployster.Gateway.Forwarding;

/// <summary>
/// Tells a unit who the client is and what it asked for. What a client says of it itself is dropped, in every spelling,
/// unless it is a proxy that is trusted.
/// </summary>
internal sealed class ForwardedHeaders(ImmutableArray<IPNetwork> trusted) : HttpTransformer
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string AnyForwarded = "X-Forwarded-";
    private const string AnyOriginal = "X-Original-";

    // What frameworks and servers take for the client's address or scheme.
    private static readonly FrozenSet<string> s_others = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded", "X-Real-IP", "Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP",
        "Front-End-Https", "X-Scheme", "X-Url-Scheme");

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var peer = httpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        var client = (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString();
        var isTrusted = IsTrusted(peer);
        DropClaims(proxyRequest, isTrusted);
        if (isTrusted)
        {
            var before = httpContext.Request.Headers[For].ToString();
            Set(proxyRequest, For, before.Length == 0 ? client : $"{before}, {client}");
        }
        else
        {
            Set(proxyRequest, For, client);
        }

        SetIfMissing(proxyRequest, Proto, httpContext.Request.Scheme);
        SetIfMissing(proxyRequest, Host, httpContext.Request.Host.Value ?? "");
    }

    private bool IsTrusted(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return trusted.Any(network => network.Contains(address));
    }

    private static void DropClaims(HttpRequestMessage request, bool isTrusted)
    {
        foreach (var header in request.Headers.NonValidated.Select(header => header.Key).Where(IsClaim).ToList())
        {
            // A proxy writes dashes. Underscores and dots are the client's own: units that read headers as CGI variables
            // take them for the same.
            if (!isTrusted || header.AsSpan().ContainsAny('_', '.'))
            {
                request.Headers.Remove(header);
            }
        }
    }

    private static bool IsClaim(string header)
    {
        var name = header.Replace('_', '-').Replace('.', '-');
        return name.StartsWith(AnyForwarded, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(AnyOriginal, StringComparison.OrdinalIgnoreCase)
            || s_others.Contains(name);
    }

    private static void Set(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }

    private static void SetIfMissing(HttpRequestMessage request, string header, string value)
    {
        if (!request.Headers.NonValidated.Contains(header))
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }
}
