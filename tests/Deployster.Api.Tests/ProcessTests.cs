using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deployster.Api.Tests;

/// <summary>Deployster as a process: its command line, its environment, its exit codes, HTTPS and its end.</summary>
internal sealed class ProcessTests
{
    // Nothing listens there.
    private const string NoFleet = "-fleet=http://127.0.0.1:9";

    private string _folder = null!;
    private X509Certificate2 _certificate = null!;

    [OneTimeSetUp]
    public async Task WriteCertificatesAsync()
    {
        _folder = Directory.CreateTempSubdirectory("deployster-tests-").FullName;
        using var key = RSA.Create(2048);
        using var otherKey = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Named("cert.pem"), _certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Named("key.pem"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(Named("other.pem"), otherKey.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(Named("nonsense.pem"), "nonsense");
        await File.WriteAllTextAsync(Named("empty"), "\n");
    }

    [OneTimeTearDown]
    public void Remove()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("-h")]
    [TestCase("-help")]
    [TestCase("--help")]
    public async Task Help_ListsTheOptionsAndIsNoError(string option)
    {
        var (exitCode, output, error) = await DeploysterProcess.RunAsync([option]);

        exitCode.Should().Be(0);
        error.Should().BeEmpty();
        output.Should().ContainAll(
            "-listen", "-username", "-password", "-password-file", "-cert", "-key", "-docker-hub-username", "-registry-url",
            "-fleet", "-docker", "-pull", "-publish", "-data", "-history-keep", "-keep-images", "-unit-template", "-webhook", "-webhook-secret-file", "DEPLOYSTER_");
    }

    [Test]
    public async Task Help_DoesNotTellTheSecretsOfTheEnvironment()
    {
        var (_, output, _) = await DeploysterProcess.RunAsync(["-h"], new Dictionary<string, string>
        {
            ["DEPLOYSTER_PASSWORD"] = "s3cret",
            ["DEPLOYSTER_WEBHOOK"] = "https://hooks.example.com/s3cret",
        });

        output.Should().NotContain("s3cret");
    }

    [Test]
    public async Task DataFolder_OfAUserWhoHasNoneYet_IsNamedFromTheRoot()
    {
        var (_, output, _) = await DeploysterProcess.RunAsync(["-h"], new Dictionary<string, string> { ["HOME"] = "/home/nobody" });

        output.Should().Contain(Environment.IsPrivilegedProcess ? "/var/lib/deployster]" : "/home/nobody/.local/share/deployster]");
    }

    private static IEnumerable<TestCaseData> WrongCommandLines()
    {
        static TestCaseData Case(string reason, params string[] args) => new TestCaseData(reason, args).SetArgDisplayNames(args);
        yield return Case("*-nonsense*", "-nonsense");
        yield return Case("*serve*", "serve");
        yield return Case("*-listen*", "-listen");
        yield return Case("*-listen must be address:port*'everywhere'*", "-listen=everywhere");
        yield return Case("*-listen must be address:port*", "-listen=127.0.0.1");
        yield return Case("*-listen must be address:port*", "-listen=127.0.0.1:99999");
        yield return Case("*a password is missing: 0.0.0.0:3000 can be reached from outside*-password-file*-users-file*127.0.0.1*");
        yield return Case("*a password is missing*", "-listen=10.0.0.1:3000");
        yield return Case("*-password and -password-file exclude each other*", "-password=x", "-password-file={folder}/key.pem");
        yield return Case("*-password-file: *none*", "-password-file={folder}/none");
        yield return Case("*-password-file: *is empty*", "-password-file={folder}/empty");
        yield return Case("*-cert: *none.pem*", "-password=x", "-cert={folder}/none.pem", "-key={folder}/key.pem");
        yield return Case("*-key: *none.pem*", "-password=x", "-cert={folder}/cert.pem", "-key={folder}/none.pem");
        yield return Case("*-cert and -key go together*", "-password=x", "-cert={folder}/cert.pem");
        yield return Case("*-cert and -key go together*", "-password=x", "-key={folder}/key.pem");
        yield return Case("*-cert and -key: *", "-password=x", "-cert={folder}/nonsense.pem", "-key={folder}/key.pem");
        yield return Case("*-cert and -key: *", "-password=x", "-cert={folder}/cert.pem", "-key={folder}/nonsense.pem");
        yield return Case("*-cert and -key: *", "-password=x", "-cert={folder}/cert.pem", "-key={folder}/other.pem");
        yield return Case("*-fleet must be auto, docker*'swarm'*", "-password=x", "-fleet=swarm");
        yield return Case("*-docker must be unix:*", "-password=x", "-docker=somewhere");
        yield return Case("*-pull must be missing or always, not 'never'*", "-password=x", "-pull=never");
        yield return Case("*-publish must be an IP address*", "-password=x", "-publish=everywhere");
        yield return Case("*-publish-ports must be two ports*", "-password=x", "-publish-ports=80-79");
        yield return Case("*-history-keep must be a whole number from 1*'0'*", "-password=x", "-history-keep=0");
        yield return Case("*-keep-images must be a whole number from 0*'-1'*", "-password=x", "-keep-images=-1");
        yield return Case("*-unit-template: *none*", "-password=x", "-unit-template={folder}/none");
        yield return Case("*-username must be a name without ':'*", "-password=x", "-username=a:b");
        yield return Case("*-webhook must be URLs of http*number 2 is none.*", "-password=x", "-webhook=https://hooks.example.com/s3cret,s3cret");
        yield return Case("*-webhook must be URLs of http*number 1 is none.*", "-password=x", "-webhook=ftp://hooks.example.com/s3cret");
        yield return Case("*'-webhok=https://hooks.example.com/…'*", "-password=x", "-webhok=https://s3cret@hooks.example.com/s3cret");
        yield return Case("*-webhook-secret-file: *none*", "-password=x", "-webhook-secret-file={folder}/none");
        yield return Case("*-webhook-secret-file: *is empty*", "-password=x", "-webhook-secret-file={folder}/empty");
        yield return Case("*-listen: 192.0.2.1:3000: *", "-password=x", "-listen=192.0.2.1:3000", NoFleet, "-data={folder}");
    }

    [TestCaseSource(nameof(WrongCommandLines))]
    public async Task Start_WithAWrongCommandLine_IsOneLineAndExitCode2(string reason, string[] args)
    {
        var (exitCode, output, error) = await DeploysterProcess.RunAsync(
            [.. args.Select(arg => arg.Replace("{folder}", _folder, StringComparison.Ordinal))]);

        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        error.TrimEnd('\n').Should().Match($"deployster: {reason}").And.NotContain("\n").And.NotContain("s3cret");
    }

    [Test]
    public async Task Start_OnAPortThatIsTaken_IsOneLineAndExitCode2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, output, error) = await DeploysterProcess.RunAsync(
            [$"-listen={taken.LocalEndpoint}", NoFleet, $"-data={_folder}"], new Dictionary<string, string> { ["HOME"] = Named("nobody") });

        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        error.TrimEnd('\n').Should().Contain("already in use").And.NotContain("\n");
    }

    [Test]
    public async Task Start_WhenItsPortAndTheGatewaysAreTaken_IsOneLineAndExitCode2()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        gateway.Start();

        var (exitCode, output, error) = await DeploysterProcess.RunAsync(
        [
            $"-listen={taken.LocalEndpoint}", $"-gateway-listen={gateway.LocalEndpoint}", "-password=x",
            "-fleet=docker", "-docker=unix:///nowhere/docker.sock", $"-data={_folder}",
        ]);

        exitCode.Should().Be(2);
        output.Should().NotContain("Exception");
        error.TrimEnd('\n').Should().Contain("already in use").And.NotContain("\n");
    }

    [Test]
    public async Task Environment_SetsWhatTheCommandLineLeavesOut()
    {
        var (exitCode, _, error) = await DeploysterProcess.RunAsync(
            ["-listen=127.0.0.1:1"],
            new Dictionary<string, string> { ["DEPLOYSTER_LISTEN"] = "nonsense", ["DEPLOYSTER_HISTORY_KEEP"] = "many" });

        exitCode.Should().Be(2);
        error.Should().Contain("-history-keep must be a whole number").And.Contain("'many'", "the command line wins for the other");
    }

    [Test]
    public async Task Start_WithoutAFleet_IsAliveAndNotReadyAndEndsWellOnSigterm()
    {
        await using var deployster = await DeploysterProcess.StartAsync([NoFleet], "/healthz");

        using var ready = await deployster.Api.Http.GetAsync("/readyz");
        var exitCode = await deployster.StopAsync();

        ready.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        exitCode.Should().Be(0);
        deployster.Log.Should().Contain("Listening on http://127.0.0.1:").And.NotContain(DeploysterProcess.Password);
    }

    [Test]
    public async Task Https_WithAPemPair_IsSpoken()
    {
        await using var deployster = await DeploysterProcess.StartAsync(
            [NoFleet, $"-cert={Named("cert.pem")}", $"-key={Named("key.pem")}"], "/healthz", _certificate);

        var version = await deployster.Api.GetAsync("/v1/version");

        deployster.Address.Scheme.Should().Be("https");
        version.GetProperty("fleet").GetString().Should().Be("fleet");
        using var plain = new HttpClient();
        var speakPlainly = () => plain.GetAsync(new UriBuilder(deployster.Address) { Scheme = "http" }.Uri);
        await speakPlainly.Should().ThrowAsync<HttpRequestException>();
    }

    private string Named(string file) => Path.Combine(_folder, file);
}
