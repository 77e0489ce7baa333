using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deployster.Testing;

/// <summary>A certificate that vouches for itself, and its key, in PEM files that are gone afterwards.</summary>
public sealed class CertificateFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-");

    /// <summary>Writes one for host names.</summary>
    public CertificateFile(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (cert, secret) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Cert, $"{cert}\n");
        File.WriteAllText(Key, $"{secret}\n");
        File.WriteAllText(Both, $"{cert}\n{secret}\n");
    }

    /// <summary>The file of the certificate.</summary>
    public string Cert => Path.Combine(_folder.FullName, "cert.pem");

    /// <summary>The file of its key.</summary>
    public string Key => Path.Combine(_folder.FullName, "key.pem");

    /// <summary>A file with both.</summary>
    public string Both => Path.Combine(_folder.FullName, "both.pem");

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
