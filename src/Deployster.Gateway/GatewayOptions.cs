using System.Collections.Immutable;
using System.Net;

namespace Deployster.Gateway;

/// <summary>Where a gateway listens, whom it trusts, and how it answers.</summary>
/// <param name="Listen">Where it listens: for plain HTTP, or for HTTPS where <see cref="Cert"/> is given alone.</param>
public sealed record GatewayOptions(IPEndPoint Listen)
{
    /// <summary>Where it listens for HTTPS besides; null for nowhere.</summary>
    public IPEndPoint? HttpsListen { get; init; }

    /// <summary>A PEM file with the certificate for names that have none of their own, and those that vouch for it; null for none.</summary>
    public string? Cert { get; init; }

    /// <summary>A PEM file with the certificate's key.</summary>
    public string? Key { get; init; }

    /// <summary>A folder with certificates by host name; null for none.</summary>
    public string? Certs { get; init; }

    /// <summary>Whether plain HTTP is redirected to HTTPS where there is a certificate for the host name.</summary>
    public bool RedirectsToHttps { get; init; } = true;

    /// <summary>For how long browsers shall ask in HTTPS only; null for saying nothing.</summary>
    public TimeSpan? StrictTransport { get; init; }

    /// <summary>The folder from which challenges of ACME are answered; null where units answer them.</summary>
    public string? AcmeWebRoot { get; init; }

    /// <summary>A folder with pages for errors, <c>503.html</c>; null for the gateway's own.</summary>
    public string? ErrorPages { get; init; }

    /// <summary>Where requests are logged, a file or <c>stdout</c>; null for nowhere.</summary>
    public string? AccessLog { get; init; }

    /// <summary>The networks of the proxies whose word about the client, <c>X-Forwarded-*</c>, is passed on.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How long a request waits for a unit that takes it.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection to a unit that has been idle for so long is not used again.</summary>
    public TimeSpan UnitIdle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest first line of a request, in bytes.</summary>
    public int MaxRequestLine { get; init; } = 16 * 1024;

    /// <summary>How much the headers of a request may be in all, in bytes.</summary>
    public int MaxHeadersSize { get; init; } = 64 * 1024;

    /// <summary>How many headers a request may have.</summary>
    public int MaxHeaders { get; init; } = 200;

    /// <summary>Whether <see cref="Listen"/> is for HTTPS.</summary>
    public bool IsHttpsOnly => HttpsListen is null && Cert is not null;
}
