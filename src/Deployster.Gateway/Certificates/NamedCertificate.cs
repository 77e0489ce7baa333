using System.Collections.Immutable;
using System.Net.Security;

namespace Deployster.Gateway.Certificates;

/// <summary>A certificate as it is shown to clients.</summary>
/// <param name="Context">It and those that vouch for it.</param>
/// <param name="Names">The host names that it is for, wildcards with <c>*.</c> before.</param>
/// <param name="NotAfter">When it ends.</param>
internal sealed record NamedCertificate(SslStreamCertificateContext Context, ImmutableArray<string> Names, DateTimeOffset NotAfter);
