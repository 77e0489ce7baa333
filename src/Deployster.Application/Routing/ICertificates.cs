using System.Collections.Immutable;

namespace Deployster.Application.Routing;

/// <summary>Tells which host names have a certificate.</summary>
public interface ICertificates
{
    /// <summary>The certificate of a host name; null where it has none.</summary>
    HostCertificate? Of(string host);
}

/// <summary>A certificate of a host name.</summary>
/// <param name="Names">The host names that it is for, wildcards with <c>*.</c> before.</param>
/// <param name="NotAfter">When it ends.</param>
public sealed record HostCertificate(ImmutableArray<string> Names, DateTimeOffset NotAfter);
