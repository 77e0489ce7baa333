using System.Collections.Immutable;
using System.Net;

namespace Deployster.Gateway;

/// <summary>Where a gateway listens, and whom it trusts.</summary>
/// <param name="Listen">Where it listens.</param>
public sealed record GatewayOptions(IPEndPoint Listen)
{
    /// <summary>A PEM file with the certificate, and those that vouch for it; null for plain HTTP.</summary>
    public string? Cert { get; init; }

    /// <summary>A PEM file with the certificate's key.</summary>
    public string? Key { get; init; }

    /// <summary>The networks of the proxies whose word about the client, <c>X-Forwarded-*</c>, is passed on.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];
}
