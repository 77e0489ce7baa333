using System.Net;
using System.Text.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>What operators expect of the thing that answers in front of their services, with real containers behind it.</summary>
public sealed class FrontTests
{
    private readonly TestEngine _engine = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-front-");
    private readonly GatewayAddresses _gateway = GatewayAddresses.Find();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private DeploysterProcess _deployster = null!;
    private string _service = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(PathOf("404.html"), "<h1>Lost?</h1>");
        _deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-gateway-listen={_gateway.Http}",
            $"-gateway-https-listen={_gateway.Https}", $"-gateway-certs={PathOf("certs")}", $"-gateway-error-pages={_folder}",
            $"-gateway-access-log={PathOf("access.log")}", "-hold=30");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [SetUp]
    public void NewService() => _service = _engine.NewService();

    [Test]
    public async Task Unit_WhenItRuns_IsReachedAtItsOwnAddress()
    {
        await DeployAsync(_service, new { Version = "v1" });

        var container = await _engine.Client.Containers.InspectContainerAsync((await _engine.ContainersOfAsync(_service)).Single());
        container.HostConfig!.PortBindings.Should().BeNullOrEmpty();
        var unit = (await _deployster.Api.GetAsync($"/v1/services/{_service}/units")).GetProperty("units")[0];
        var address = container.NetworkSettings!.Networks!.Single().Value.IPAddress;
        unit.GetProperty("endpoint").GetString().Should().Be($"{address}:3000");
    }

    [Test]
    public async Task Services_WhenTheyShareAHost_GetWhatIsUnderTheirPrefix()
    {
        var (api, host) = (_engine.NewService("api"), $"{_service}.example.com");
        await DeployAsync(_service, new { Version = "v1", Hosts = new[] { host } });
        await DeployAsync(api, new { Version = "v2", Hosts = new[] { host }, PathPrefix = "/api", StripPrefix = true });

        (await AskAsync(host, "/")).Text.Should().StartWith("version v1 ");
        (await AskAsync(host, "/api")).Text.Should().StartWith("version v2 ");
        (await AskAsync(host, "/api/a%2Fb")).Text.Should().Be("nothing at /a%2Fb\n");
        (await AskAsync(host, "/apiary")).Text.Should().Be("nothing at /apiary\n");
        await _engine.BuildAsync(SampleImage.Good, api, "v3");
        var claim = () => _deployster.Api.DeployAsync(_service, new { Version = "v1", Hosts = new[] { host }, PathPrefix = "/api" });
        (await claim.Should().ThrowAsync<HttpRequestException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Requests_WhenTheOnlyUnitRestarts_AreHeldAndAnswered()
    {
        await DeployAsync(_service, new { Version = "v1" });
        var id = (await _engine.ContainersOfAsync(_service)).Single();
        await _engine.Client.Containers.StopContainerAsync(id, new());
        await WaitFor.TrueAsync(
            async () => (await _deployster.Api.GetAsync($"/v1/services/{_service}/units")).GetProperty("units")[0].GetProperty("active_state").GetString() != "active",
            "the unit is seen to be down");

        var held = Enumerable.Range(0, 10).Select(_ => AskAsync($"{_service}.localhost", "/")).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1));
        held.Should().NotContain(request => request.IsCompleted);
        await _engine.Client.Containers.StartContainerAsync(id, new());

        (await Task.WhenAll(held)).Should().OnlyContain(answer => answer.Status == HttpStatusCode.OK);
    }

    [Test]
    public async Task Client_WhenTheDeployAsksForIt_StaysAtOneUnit()
    {
        await DeployAsync(_service, new { Version = "v1", InstanceCount = 2, Affinity = "cookie" });
        var first = await AskAsync($"{_service}.localhost", "/");

        for (var i = 0; i < 6; i++)
        {
            (await AskAsync($"{_service}.localhost", "/", ("Cookie", first.Cookie!.Split(';')[0]))).Text.Should().Be(first.Text);
        }
    }

    [Test]
    public async Task Answer_WhenItTakesLongerThanTheDeployAllows_Is504()
    {
        await LoadImage.BuildAsync(_engine, _service, "v1");
        await DeployAsync(_service, new { Version = "v1", Timeouts = new { Response = 1 } }, isBuilt: true);

        (await AskAsync($"{_service}.localhost", "/slow")).Status.Should().Be(HttpStatusCode.GatewayTimeout);
        (await AskAsync($"{_service}.localhost", "/")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task HealthCheck_WhenItNamesAHostAndAPort_AsksThere()
    {
        await LoadImage.BuildAsync(_engine, _service, "v1");

        var deploy = await DeployAsync(
            _service, new { Version = "v1", HealthCheck = new { Path = "/named", Host = "checks.example.com", Port = 3001 } }, isBuilt: true);

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
    }

    [Test]
    public async Task HealthCheck_WhenItIsRedirectedToHttps_Passes()
    {
        await LoadImage.BuildAsync(_engine, _service, "v1");

        var deploy = await DeployAsync(_service, new { Version = "v1", HealthCheck = new { Path = "/secure" } }, isBuilt: true);

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
    }

    [Test]
    public async Task Maintenance_WhenItBegins_ClosesTheServiceOverARestart()
    {
        await DeployAsync(_service, new { Version = "v1" });
        var path = $"/v1/services/{_service}/maintenance";
        await _deployster.Api.PutAsync(path, new { Enabled = true, Message = "Back at <nine>.", RetryAfter = 60 });
        var closed = await AskAsync($"{_service}.localhost", "/", ("Accept", "text/html"));

        await _deployster.StopAsync();
        await _deployster.StartAgainAsync();

        closed.Status.Should().Be(HttpStatusCode.ServiceUnavailable);
        closed.Text.Should().Contain("Back at &lt;nine&gt;.");
        await WaitFor.TrueAsync(
            async () => (await AskAsync($"{_service}.localhost", "/")) is { Status: HttpStatusCode.ServiceUnavailable, Text: "Back at <nine>.\n" },
            "the service is closed again");
        (await _deployster.Api.GetAsync(path)).GetProperty("enabled").GetBoolean().Should().BeTrue();
        await _deployster.Api.DeleteAsync(path);
        await WaitFor.TrueAsync(async () => (await AskAsync($"{_service}.localhost", "/")).Status == HttpStatusCode.OK, "the service is open");
    }

    [Test]
    public async Task Https_WhenACertificateComes_IsServedAndPlainHttpIsRedirected()
    {
        var host = $"{_service}.example.com";
        await DeployAsync(_service, new { Version = "v1", Hosts = new[] { host } });
        (await AskAsync(host, "/")).Status.Should().Be(HttpStatusCode.OK, "there is no certificate yet");
        using (var certificate = new CertificateFile(host))
        {
            Directory.CreateDirectory(PathOf("certs"));
            File.Copy(certificate.Key, PathOf($"certs/{host}.key"));
            File.Copy(certificate.Cert, PathOf($"certs/{host}.crt"));
        }

        await WaitFor.TrueAsync(async () => (await AskAsync(host, "/a%2Fb?c")).Location == $"https://{host}/a%2Fb?c", "plain HTTP is redirected");

        var secure = await Shell.RunAsync(
            $"curl -sS --cacert {PathOf($"certs/{host}.crt")} --resolve {host}:{_gateway.Https.Port}:127.0.0.1 https://{host}:{_gateway.Https.Port}/");
        secure.Should().StartWith("version v1 ");
        var listed = (await _deployster.Api.GetAsync("/v1/hosts")).GetProperty("hosts").EnumerateArray()
            .Single(entry => entry.GetProperty("host").GetString() == host);
        listed.GetProperty("service").GetString().Should().Be(_service);
        listed.GetProperty("certificate").GetProperty("names")[0].GetString().Should().Be(host);
    }

    [Test]
    public async Task Log_WhenItsFileIsRotated_GoesOnInANewOne()
    {
        await DeployAsync(_service, new { Version = "v1" });
        await AskAsync($"{_service}.localhost", "/before?secret");
        await WaitForLineAsync("access.log", "/before");

        File.Move(PathOf("access.log"), PathOf("access.log.1"));
        _deployster.HangUp();
        await WaitFor.TrueAsync(() => File.Exists(PathOf("access.log")), "the file is opened anew");
        await AskAsync($"{_service}.localhost", "/after");

        var line = await WaitForLineAsync("access.log", "/after");
        line.GetProperty("host").GetString().Should().Be($"{_service}.localhost");
        line.GetProperty("unit").GetString().Should().StartWith($"{_service}:v1:");
        line.GetProperty("status").GetInt32().Should().Be(404);
        (await File.ReadAllTextAsync(PathOf("access.log.1"))).Should().NotContain("secret");
    }

    [Test]
    public async Task Metrics_WhenRequestsCame_CountThemByServiceAndClass()
    {
        await DeployAsync(_service, new { Version = "v1" });
        await AskAsync($"{_service}.localhost", "/");
        await AskAsync($"{_service}.localhost", "/nothing");

        var metrics = await _deployster.Api.Http.GetStringAsync("/metrics");

        string[] Lines(string name) => [.. metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains($"service=\"{_service}\"", StringComparison.Ordinal))];
        Lines("deployster_gateway_requests_total").Should().Contain(line => line.Contains("code=\"2xx\"")).And.Contain(line => line.Contains("code=\"4xx\""));
        Lines("deployster_gateway_duration_seconds_count").Should().HaveCount(1);
    }

    [Test]
    public async Task Errors_WhenThereIsAPageForThem_AreAnsweredWithIt()
    {
        (await AskAsync("nobody.localhost", "/", ("Accept", "text/html"))).Text.Should().Be("<h1>Lost?</h1>");
    }

    [Test]
    public async Task Health_WhenABalancerAsksByAddress_IsTheGateways()
    {
        (await AskAsync(_gateway.Http.ToString(), "/healthz")).Should().BeEquivalentTo(new { Status = HttpStatusCode.OK, Text = "The gateway serves.\n" });
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<JsonElement> DeployAsync(string service, object deploy, bool isBuilt = false)
    {
        var version = (string)deploy.GetType().GetProperty("Version")!.GetValue(deploy)!;
        if (!isBuilt)
        {
            await _engine.BuildAsync(SampleImage.Good, service, version);
        }

        await _deployster.Api.DeployAsync(service, deploy);
        var ended = await _deployster.Api.WaitForEndAsync(service, version);
        await WaitFor.TrueAsync(async () => (await AskAsync($"{service}.localhost", "/")).Status != HttpStatusCode.ServiceUnavailable, "the gateway knows it");
        return ended;
    }

    private async Task<Answer> AskAsync(string host, string path, params (string Name, string Value)[] headers)
    {
        var uri = new Uri($"http://{_gateway.Http}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { Host = host } };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _client.SendAsync(request);
        return new Answer(
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.Location?.OriginalString,
            answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.First() : null);
    }

    private Task<JsonElement> WaitForLineAsync(string file, string path) => WaitFor.ValueAsync(
        async () =>
        {
            await using var log = new FileStream(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var lines = (await new StreamReader(log).ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))
                .FirstOrDefault(line => line.GetProperty("path").GetString() == path && line.GetProperty("host").GetString() == $"{_service}.localhost");
        },
        line => line.ValueKind == JsonValueKind.Object,
        $"a line for {path}");

    private sealed record Answer(HttpStatusCode Status, string Text, string? Location, string? Cookie);
}
