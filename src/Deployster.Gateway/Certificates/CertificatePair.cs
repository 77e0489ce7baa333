using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deployster.Gateway.Certificates;

/// <summary>The two PEM files of a certificate and its key, whatever links lead to them.</summary>
/// <param name="Cert">The certificate, and those that vouch for it.</param>
/// <param name="Key">Its key.</param>
internal sealed record CertificatePair(string Cert, string Key)
{
    /// <summary>
    /// What tells the files' contents from others. Times and names tell nothing where a link at any level is replaced.
    /// </summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public string ReadStamp() => Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(Cert), 0, .. File.ReadAllBytes(Key)]));

    /// <summary>Reads the certificate.</summary>
    /// <exception cref="CryptographicException">They hold no certificate with its key.</exception>
    /// <exception cref="ArgumentException">The key is of another certificate.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public NamedCertificate Read()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(Cert);
        var certificate = X509Certificate2.CreateFromPemFile(Cert, Key);
        return new NamedCertificate(
            SslStreamCertificateContext.Create(certificate, chain, offline: true),
            [
                .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                    .SelectMany(names => names.EnumerateDnsNames())
                    .Select(name => name.ToLowerInvariant())
                    .Distinct(),
            ],
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }

    /// <summary>Whether an exception tells that files hold no certificate with its key, or cannot be read.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException;
}
