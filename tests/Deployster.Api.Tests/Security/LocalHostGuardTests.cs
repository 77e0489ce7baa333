using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Deployster.Api.Tests.Security;

/// <summary>What keeps a page out whose host name was made to mean this machine, while the password is the default one.</summary>
internal sealed class LocalHostGuardTests
{
    private ApiServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await ApiServer.StartAsync(options => options with { HasDefaultPassword = true });

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("localhost")]
    [TestCase("localhost:3000")]
    [TestCase("localhost.")]
    [TestCase("LOCALHOST.:3000")]
    [TestCase("deployster.localhost")]
    [TestCase("a.b.Localhost:3000")]
    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.1:3000")]
    [TestCase("127.8.9.10")]
    [TestCase("[::1]")]
    [TestCase("[::1]:3000")]
    [TestCase("[0:0:0:0:0:0:0:1]")]
    [TestCase("[::ffff:127.0.0.1]")]
    [TestCase("[::FFFF:7f00:2]:3000")]
    [TestCase("")]
    public async Task Request_ToThisMachine_IsTaken(string host) =>
        (await AskAsync($"GET /v1/version HTTP/1.1\r\nHost: {host}")).Should().StartWith("HTTP/1.1 200 ");

    [TestCase("evil.example")]
    [TestCase("evil.example:3000")]
    [TestCase("localhost.evil.example")]
    [TestCase("evillocalhost")]
    [TestCase("localhost..")]
    [TestCase("127.0.0.1.evil.example")]
    [TestCase("127.0.0.1.nip.io:3000")]
    [TestCase("192.168.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("[::2]")]
    [TestCase("[::ffff:10.0.0.1]")]
    public async Task Request_ToAnotherHost_IsRefusedAndTellsWhatToDo(string host) =>
        (await AskAsync($"GET /v1/version HTTP/1.1\r\nHost: {host}")).Should().StartWith("HTTP/1.1 403 ")
            .And.Contain("application/problem+json").And.Contain("With the default password").And.Contain("-password-file=FILE");

    [TestCase("/healthz")]
    [TestCase("/readyz")]
    [TestCase("/metrics")]
    [TestCase("/")]
    [TestCase("/swagger/v1/swagger.json")]
    [TestCase("/nothing")]
    public async Task Request_ToAnotherHost_IsRefusedWhateverItAsksFor(string path) =>
        (await AskAsync($"GET {path} HTTP/1.1\r\nHost: evil.example")).Should().StartWith("HTTP/1.1 403 ");

    [Test]
    public async Task Change_OfAPageWhoseHostMeansThisMachine_IsRefused()
    {
        const string Body = """{"deploy":{"version":"v1"}}""";

        var answer = await AskAsync(
            "POST /v1/services/railsapp/deploys HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
            + $"Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}",
            Body);

        answer.Should().StartWith("HTTP/1.1 403 ");
        _server.Fleet.Names.Should().BeEmpty();
    }

    [TestCase("GET /v1/version HTTP/1.0", "200")]
    [TestCase("GET http://localhost/v1/version HTTP/1.0", "200")]
    [TestCase("GET http://evil.example/v1/version HTTP/1.0", "403")]
    [TestCase("GET http://evil.example/v1/version HTTP/1.1\r\nHost: evil.example", "403")]
    [TestCase("GET http://evil.example/v1/version HTTP/1.1\r\nHost: localhost", "400")]
    [TestCase("GET http://127.0.0.1/v1/version HTTP/1.1\r\nHost: 127.0.0.1", "200")]
    public async Task Request_WithAHostInItsTarget_IsTakenByThatToo(string head, string status) =>
        (await AskAsync(head)).Should().StartWith($"HTTP/1.1 {status} ");

    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("evil.example", HttpStatusCode.Forbidden)]
    public async Task Request_OverHttp2_IsTakenByItsAuthority(string authority, HttpStatusCode status)
    {
        var folder = Directory.CreateTempSubdirectory("deployster-tests-");
        try
        {
            var (cert, key) = (Path.Combine(folder.FullName, "cert.pem"), Path.Combine(folder.FullName, "key.pem"));
            using var certificate = WriteCertificate(cert, key);
            await using var server = await ApiServer.StartAsync(
                options => options with { HasDefaultPassword = true, Cert = cert, Key = key });
            using var client = new DeploysterClient(server.Address, "deployster", ApiServer.Password, certificate);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/version")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Headers = { Host = authority },
            };

            using var answer = await client.Http.SendAsync(request);

            answer.StatusCode.Should().Be(status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Request_ToAnotherHost_IsTakenWhereSomebodyGaveAPassword()
    {
        await using var server = await ApiServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/version") { Headers = { Host = "deployster.example.com" } };

        using var answer = await server.Http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static X509Certificate2 WriteCertificate(string certFile, string keyFile)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    // As it is written, since clients mend or refuse most of these hosts.
    private async Task<string> AskAsync(string head, string body = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        var login = ApiServer.Basic("deployster", ApiServer.Password);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{head}\r\nAuthorization: {login}\r\nConnection: close\r\n\r\n{body}"));
        return await new StreamReader(client.GetStream()).ReadToEndAsync().WaitAsync(WaitFor.Limit);
    }
}
