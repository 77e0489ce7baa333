using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Deployster.Gateway.Forwarding;

/// <summary>
/// Tells a unit who the client is and what it asked for. What a client says of it itself is dropped, in every spelling,
/// unless it is a proxy that is trusted.
/// </summary>
internal sealed class ForwardedHeaders(ImmutableArray<IPNetwork> trusted)
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";
    private const string AnyForwarded = "X-Forwarded-";
    private const string AnyOriginal = "X-Original-";
    private const int LongestClaim = 64;

    // What frameworks and servers take for the client's address or scheme.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_others = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded", "X-Real-IP", "Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP",
        "Front-End-Https", "X-Scheme", "X-Url-Scheme").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the client is a proxy whose word is passed on.</summary>
    public bool IsTrusted(HttpContext context) => !trusted.IsEmpty && trusted.Any(network => network.Contains(AddressOf(context)));

    /// <summary>
    /// Whether a header of the request is a claim about the client that is dropped. A proxy writes dashes; underscores and
    /// dots are the client's own, and units that read headers as CGI variables take them for the same.
    /// </summary>
    public static bool IsDropped(string header, bool isTrusted) =>
        IsClaim(header) && (!isTrusted || header.AsSpan().ContainsAny('_', '.'));

    /// <summary>The client's address, which a trusted proxy tells.</summary>
    public string ClientOf(HttpContext context)
    {
        var told = IsTrusted(context) ? context.Request.Headers[For].ToString() : "";
        return told.Length == 0 ? AddressOf(context).ToString() : told[(told.LastIndexOf(',') + 1)..].Trim();
    }

    /// <summary>What is told to the unit beside the request's own headers.</summary>
    public static IEnumerable<(string Name, string Value)> Of(HttpContext context, bool isTrusted)
    {
        var headers = context.Request.Headers;
        var client = AddressOf(context).ToString();
        var before = isTrusted ? headers[For].ToString() : "";
        yield return (For, before.Length == 0 ? client : $"{before}, {client}");
        if (!isTrusted || headers[Proto].Count == 0)
        {
            yield return (Proto, context.Request.Scheme);
        }

        if (!isTrusted || headers[Host].Count == 0)
        {
            yield return (Host, context.Request.Host.Value ?? "");
        }
    }

    /// <summary>Whether <see cref="Of"/> says anew what a header of the request says.</summary>
    public static bool IsReplaced(string header) => header.Equals(For, StringComparison.OrdinalIgnoreCase);

    private static IPAddress AddressOf(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
    }

    private static bool IsClaim(string header)
    {
        if (header.Length > LongestClaim || header[0] is not ('X' or 'x' or 'F' or 'f' or 'C' or 'c' or 'T' or 't'))
        {
            return header.Length > LongestClaim && IsClaim(header[..LongestClaim]);
        }

        Span<char> name = stackalloc char[header.Length];
        header.AsSpan().Replace(name, '_', '-');
        name.Replace('.', '-');
        return ((ReadOnlySpan<char>)name).StartsWith(AnyForwarded, StringComparison.OrdinalIgnoreCase)
            || ((ReadOnlySpan<char>)name).StartsWith(AnyOriginal, StringComparison.OrdinalIgnoreCase)
            || s_others.Contains(name);
    }
}
