using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Deployster.Gateway.Tests.Support;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Gateway.Tests;

/// <summary>The certificates that a gateway shows, by the host name that a client asks for.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Handshake_WhenANameHasItsOwnPair_ShowsThat()
    {
        var shop = Write("shop.example.com", "shop.example.com");
        var wildcard = Write("_.example.com", "*.example.com");
        var fallback = Write("default", "localhost");
        await using var gateway = await StartAsync();

        (await ShownAsync(gateway, "shop.example.com")).Should().Be(shop);
        (await ShownAsync(gateway, "SHOP.example.com")).Should().Be(shop);
        (await ShownAsync(gateway, "blog.example.com")).Should().Be(wildcard);
        (await ShownAsync(gateway, "a.blog.example.com")).Should().Be(fallback, "a wildcard is for one label");
        (await ShownAsync(gateway, "elsewhere.org")).Should().Be(fallback);
    }

    [Test]
    public async Task Handshake_WhenAPairIsForSeveralNames_ShowsItForEach()
    {
        var pair = Write("example.com", "example.com", "www.example.com", "*.shop.example.com");
        await using var gateway = await StartAsync();

        (await ShownAsync(gateway, "www.example.com")).Should().Be(pair);
        (await ShownAsync(gateway, "de.shop.example.com")).Should().Be(pair);
    }

    [Test]
    public async Task Handshake_WhenThereIsNoPairAtAll_IsRefusedAndTheGatewayGoesOn()
    {
        await using var gateway = await StartAsync();

        var handshake = () => ShownAsync(gateway, "example.com");
        await handshake.Should().ThrowAsync<Exception>();
        var late = Write("example.com", "example.com");

        await Wait.UntilAsync(async () => await TryAsync(gateway, "example.com") == late);
    }

    [Test]
    public async Task Handshake_WhenCertbotWroteThePair_ShowsIt()
    {
        var pair = TestAuthority.Write(
            _folder.FileOf("live/example.com/fullchain.pem"), _folder.FileOf("live/example.com/privkey.pem"), "example.com");
        await using var gateway = await StartAsync();

        (await ShownAsync(gateway, "example.com")).Should().Be(pair);
    }

    [Test]
    public async Task Handshake_WhenALinkBehindALinkIsReplaced_ShowsTheNewPair()
    {
        // As Kubernetes does it: the files are links into ..data, which is a link to a folder that changes.
        TestAuthority.Write(_folder.FileOf("one/tls.crt"), _folder.FileOf("one/tls.key"), "example.com");
        var two = TestAuthority.Write(_folder.FileOf("two/tls.crt"), _folder.FileOf("two/tls.key"), "example.com");
        Directory.CreateSymbolicLink(_folder.FileOf("data"), "one");
        File.CreateSymbolicLink(_folder.FileOf("example.com.crt"), "data/tls.crt");
        File.CreateSymbolicLink(_folder.FileOf("example.com.key"), "data/tls.key");
        await using var gateway = await StartAsync();
        (await ShownAsync(gateway, "example.com")).Should().NotBe(two);

        Directory.Delete(_folder.FileOf("data"));
        Directory.CreateSymbolicLink(_folder.FileOf("data"), "two");

        await Wait.UntilAsync(async () => await ShownAsync(gateway, "example.com") == two);
    }

    [Test]
    public async Task Handshake_WhenAPairBecomesUnusable_ShowsTheOneBefore()
    {
        var pair = Write("example.com", "example.com");
        await using var gateway = await StartAsync();

        await File.WriteAllTextAsync(_folder.FileOf("example.com.crt"), "-----BEGIN CERT");
        await Task.Delay(TimeSpan.FromSeconds(3));

        (await ShownAsync(gateway, "example.com")).Should().Be(pair);
    }

    [Test]
    public async Task Handshake_WhenTheFolderComesLater_ShowsWhatIsInIt()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with
        {
            Certs = _folder.FileOf("later"),
            HttpsListen = new IPEndPoint(IPAddress.Loopback, 0),
        });

        var pair = TestAuthority.Write(_folder.FileOf("later/example.com.crt"), _folder.FileOf("later/example.com.key"), "example.com");

        await Wait.UntilAsync(async () => await TryAsync(gateway, "example.com") == pair);
    }

    private string Write(string file, params string[] names) =>
        TestAuthority.Write(_folder.FileOf($"{file}.crt"), _folder.FileOf($"{file}.key"), names);

    private Task<TestGateway> StartAsync() => TestGateway.StartAsync(options => options with
    {
        Certs = Path.GetDirectoryName(_folder.FileOf("x")),
        HttpsListen = new IPEndPoint(IPAddress.Loopback, 0),
    });

    private static async Task<string?> TryAsync(TestGateway gateway, string name)
    {
        try
        {
            return await ShownAsync(gateway, name);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return null;
        }
    }

    private static async Task<string?> ShownAsync(TestGateway gateway, string name)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.HttpsAddress.Port);
        await using var secure = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await secure.AuthenticateAsClientAsync(name);
        return ((X509Certificate2)secure.RemoteCertificate!).Thumbprint;
    }
}
