using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>HTTP/2 has trailers of its own.</summary>
public sealed class TaskHttpsTests
{
    [Test]
    public async Task Run_WhenHttp2IsSpoken_TellsTheExitCodeInTextAndTrailer()
    {
        var folder = Directory.CreateTempSubdirectory("deployster-tests-").FullName;
        try
        {
            using var certificate = WriteCertificate(folder);
            await using var scene = await TaskScene.StartAsync([$"-cert={folder}/cert.pem", $"-key={folder}/key.pem"], certificate);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/services/{scene.Service}/tasks")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = JsonContent.Create(new { task = new { version = TaskScene.Version, command = new[] { "sh", "-c", "echo out; exit 9" } } }),
            };

            using var response = await scene.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var answer = await TaskAnswer.ReadAsync(response);

            answer.Text.Should().Be("out\n\nExited (9)\n");
            answer.ExitCode.Should().Be("9");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static X509Certificate2 WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
