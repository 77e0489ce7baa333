using System.Collections.Frozen;
using Known = Microsoft.Net.Http.Headers.HeaderNames;

namespace Deployster.Gateway.Http1;

/// <summary>The headers that are between two neighbours only, RFC 9110, section 7.6.1.</summary>
internal static class HopHeaders
{
    private static readonly FrozenSet<string> s_names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        Known.Connection, "Keep-Alive", "Proxy-Connection", Known.TE, Known.TransferEncoding, Known.Upgrade, "HTTP2-Settings");

    /// <summary>Whether a header stays between two neighbours, whatever <c>Connection</c> names.</summary>
    public static bool Contains(string name) => s_names.Contains(name);
}
