using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deployster.Gateway.Tests.Support;

/// <summary>A certificate that vouches for itself, in PEM files.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly TempFolder _folder = new();

    public TestCertificate() => Renew();

    public string Cert => _folder.FileOf("cert.pem");

    public string Key => _folder.FileOf("key.pem");

    public string Thumbprint { get; private set; } = "";

    /// <summary>Puts another one in its place.</summary>
    public void Renew()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Cert, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        Thumbprint = certificate.Thumbprint;
    }

    /// <summary>What trusts it and no other.</summary>
    public SslClientAuthenticationOptions Trusting() => new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, _) =>
            (shown as X509Certificate2)?.Thumbprint == Thumbprint,
    };

    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(Cert, Key);

    public void Dispose() => _folder.Dispose();
}
