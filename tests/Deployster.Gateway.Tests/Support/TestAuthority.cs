using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deployster.Gateway.Tests.Support;

/// <summary>Makes certificates in PEM files.</summary>
internal static class TestAuthority
{
    /// <summary>Writes a certificate for host names, and its key; gives the certificate's thumbprint.</summary>
    public static string Write(string cert, string keyFile, params string[] names)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cert)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(cert, certificate.ExportCertificatePem());
        return certificate.Thumbprint;
    }
}
