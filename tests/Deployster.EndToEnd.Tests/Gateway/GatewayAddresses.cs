using System.Net;
using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>Where a gateway listens.</summary>
/// <param name="Http">For plain HTTP.</param>
/// <param name="Https">For HTTPS.</param>
internal sealed record GatewayAddresses(IPEndPoint Http, IPEndPoint Https)
{
    /// <summary>Two that are free.</summary>
    public static GatewayAddresses Find() =>
        new(new IPEndPoint(IPAddress.Loopback, FreePort.Find()), new IPEndPoint(IPAddress.Loopback, FreePort.Find()));

    /// <summary>What a gateway is told to listen there, and to serve both alike.</summary>
    public string[] Options(CertificateFile certificate) =>
    [
        $"-gateway-listen={Http}", $"-gateway-https-listen={Https}", $"-gateway-cert={certificate.Cert}", $"-gateway-key={certificate.Key}",
        "-gateway-redirect=false",
    ];
}
