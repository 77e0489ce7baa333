using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>Certificates by ACME, from a server of Debian's, pebble, by a client of Debian's, lego.</summary>
public sealed class AcmeTests
{
    [Test]
    public async Task Certificate_WhenLegoAsksForIt_IsServedAndRenewedWithoutALostRequest()
    {
        var folder = Directory.CreateTempSubdirectory("deployster-acme-");
        await using var engine = new TestEngine();
        using var ca = new CertificateFile("localhost");
        var service = engine.NewService();
        var host = $"{service}.example.com";
        var gateway = GatewayAddresses.Find();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={gateway.Http}",
            $"-gateway-https-listen={gateway.Https}", $"-gateway-certs={folder}/lego/certificates", $"-acme-webroot={folder}/webroot");
        var dns = $"127.0.0.1:{FreePort.Find()}";
        using var names = StartNames(dns);
        using var pebble = StartPebble(folder.FullName, ca, gateway.Http.Port, dns, out var directory);
        try
        {
            await deployster.Api.DeployAsync(service, new { Version = "v1", Hosts = new[] { host } });
            await deployster.Api.WaitForEndAsync(service, "v1");
            await WaitFor.TrueAsync(() => AnswersAsync(directory), "pebble answers");

            await RequestAsync(deployster, folder.FullName, ca, directory);
            var first = await WaitFor.ValueAsync(() => ShownAsync(gateway.Https, host), shown => shown is not null, "the certificate is shown");

            // 1 s between two requests would miss the moment of the change.
            using var end = new CancellationTokenSource();
            var asking = AskAsync(gateway.Https, host, end.Token);
            await RequestAsync(deployster, folder.FullName, ca, directory);
            await WaitFor.TrueAsync(async () => await ShownAsync(gateway.Https, host) != first, "the renewed certificate is shown");
            await end.CancelAsync();

            (await asking).Should().BeGreaterThan(10, "requests went on meanwhile, and each was answered");
            var listed = (await deployster.Api.GetAsync("/v1/hosts")).GetProperty("hosts").EnumerateArray()
                .Single(entry => entry.GetProperty("host").GetString() == host);
            listed.GetProperty("certificate").GetProperty("not_after").GetDateTimeOffset().Should().BeAfter(DateTimeOffset.UtcNow);
        }
        finally
        {
            foreach (var process in new[] { pebble, names })
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            folder.Delete(recursive: true);
        }
    }

    // Every name is this machine's.
    private static Process StartNames(string dns) => Process.Start(
        "pebble-challtestsrv",
        [
            "-dns01", dns, "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "",
            "-management", $"127.0.0.1:{FreePort.Find()}",
        ]);

    private static Process StartPebble(string folder, CertificateFile ca, int httpPort, string dns, out Uri directory)
    {
        var (listen, management) = (FreePort.Find(), FreePort.Find());
        directory = new Uri($"https://localhost:{listen}/dir");
        var config = Path.Combine(folder, "pebble.json");
        File.WriteAllText(config, JsonSerializer.Serialize(new
        {
            pebble = new
            {
                listenAddress = $"127.0.0.1:{listen}",
                managementListenAddress = $"127.0.0.1:{management}",
                certificate = ca.Cert,
                privateKey = ca.Key,
                httpPort,
                tlsPort = FreePort.Find(),
                ocspResponderURL = "",
                externalAccountBindingRequired = false,
            },
        }));

        var start = new ProcessStartInfo("pebble", ["-config", config, "-dnsserver", dns])
        {
            Environment = { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_WFE_NONCEREJECT"] = "0" },
        };
        return Process.Start(start)!;
    }

    private static async Task RequestAsync(DeploysterProcess deployster, string folder, CertificateFile ca, Uri directory) =>
        await Shell.RunAsync(
            $"""
            API={deployster.Address.GetLeftPart(UriPartial.Authority)} DEPLOYSTER_PASSWORD={DeploysterProcess.Password} \
            ACME_EMAIL=ops@example.com ACME_SERVER={directory} LEGO_CA_CERTIFICATES={ca.Cert} DAYS=9999 EVERY=0 \
            docker/certificates {folder}
            """);

    private static async Task<bool> AnswersAsync(Uri directory)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        try
        {
            using var answer = await client.GetAsync(directory);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string?> ShownAsync(IPEndPoint gateway, string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway);
        await using var secure = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        try
        {
            await secure.AuthenticateAsClientAsync(host);
            return ((X509Certificate2)secure.RemoteCertificate!).Thumbprint;
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return null;
        }
    }

    // A new connection for each, as clients make them that come for the first time.
    private static async Task<int> AskAsync(IPEndPoint gateway, string host, CancellationToken end)
    {
        var count = 0;
        for (; !end.IsCancellationRequested; count++)
        {
            using var connection = await LoadConnection.OpenAsync(new LoadAddress(gateway, IsHttps: true), host, CancellationToken.None);
            (await connection.AskAsync("GET", "/", default, isLast: true, CancellationToken.None)).Should().StartWith("version v1 ");
        }

        return count;
    }
}
