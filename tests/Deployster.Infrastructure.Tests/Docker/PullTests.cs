using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

[Parallelizable(ParallelScope.Children)]
public sealed class PullTests
{
    private static readonly AuthConfig s_login = new() { Username = LocalRegistry.UserName, Password = LocalRegistry.Password };

    private LocalRegistry _open = null!;
    private LocalRegistry _private = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        _open = await LocalRegistry.StartAsync();
        _private = await LocalRegistry.StartAsync(isPrivate: true);
    }

    [OneTimeTearDown]
    public async Task TearDownAsync()
    {
        await _open.DisposeAsync();
        await _private.DisposeAsync();
    }

    [Test]
    public async Task Apply_WhenTheImageIsMissing_PullsItAndRunsAllByItsId()
    {
        await using var scene = new DockerScene();
        var image = await PublishAsync(scene, _open);

        var units = await scene.RunAsync(3, DockerScene.IntentionOf(image));

        var id = (await scene.Engine.Client.Images.InspectImageAsync(image)).ID;
        units.Should().OnlyContain(unit => unit.ImageId == id && unit.Intention!.ImageId == id);
    }

    [Test]
    public async Task Apply_WhenTheTagHasMovedSince_RunsWhatWasDeployed([Values] bool pullAlways)
    {
        await using var scene = new DockerScene(new DockerOptions(new Uri(TestEngine.Endpoint)) { PullAlways = pullAlways });
        var intention = DockerScene.IntentionOf(await PublishAsync(scene, _open));
        await scene.ApplyAsync(1, 1, intention);
        var before = await scene.WaitForAsync(Phase.Running);
        await MoveTagAsync(scene);

        await scene.ApplyAsync(2, 2, intention);
        await scene.ApplyAsync(3, 3, before.Intention);

        (await scene.WaitForRunningAsync(3)).Should().OnlyContain(unit => unit.ImageId == before.ImageId);
    }

    [Test]
    public async Task Apply_WhenTheImageOfTheDeployIsGoneAndItsTagHasMoved_IsRefused()
    {
        await using var scene = new DockerScene();
        var image = await PublishAsync(scene, _open);

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf(image) with { ImageId = $"sha256:{new string('a', 64)}" });

        (await scene.WaitForAsync(Phase.Failed)).Detail
            .Should().Be($"the image sha256:{new string('a', 64)} of the deploy is not here any more, and {image} means another one now");
    }

    [Test]
    public async Task Apply_WhenTheRegistryIsAwayAndImagesAreAlwaysPulled_TakesTheOneThatIsHere()
    {
        await using var scene = new DockerScene(new DockerOptions(new Uri(TestEngine.Endpoint)) { PullAlways = true });
        var image = await scene.Engine.BuildAsync(SampleImage.Good, scene.Service, "v1", $"127.0.0.1:{FreePort.Find()}/team");

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf(image));

        await scene.WaitForAsync(Phase.Running);
    }

    [Test]
    public async Task Apply_WhenTheRegistryDoesNotHaveTheImage_FailsWithTheEnginesMessage()
    {
        await using var scene = new DockerScene();
        var image = $"{_open.Address}/team/{scene.Service}:v1";

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf(image));

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Be($"manifest for {image} not found: manifest unknown: manifest unknown");
    }

    [TestCase(403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}""", "denied")]
    [TestCase(400, """{"errors":[{"code":"NAME_INVALID","message":"invalid"}]}""", "name invalid: invalid")]
    public async Task Apply_WhenTheRegistryRefuses_FailsWithTheEnginesMessage(int status, string body, string words)
    {
        await using var registry = new FailingRegistry(status, body);
        await using var scene = new DockerScene();

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf($"{registry.Address}/x/y:v1"));

        (await scene.WaitForAsync(Phase.Failed)).Detail.Should().Be(words);
    }

    [TestCase(500, "oops", "received unexpected HTTP status: 500 Internal Server Error")]
    [TestCase(503, "oops", "received unexpected HTTP status: 503 Service Unavailable")]
    [TestCase(429, "slow down", "error parsing HTTP 429 response body")]
    [TestCase(429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}""", "toomanyrequests")]
    public async Task Apply_WhenTheRegistryIsInTrouble_WaitsWithItsWords(int status, string body, string words)
    {
        await using var registry = new FailingRegistry(status, body);
        await using var scene = new DockerScene();

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf($"{registry.Address}/x/y:v1"));

        var unit = await scene.WaitForAsync(unit => unit.Detail is not null, "in trouble");
        (unit.Phase, unit.Wanted).Should().Be((Phase.Preparing, Wanted.Running));
        unit.Detail.Should().StartWith(words);
    }

    [Test]
    public async Task Apply_WhenTheRegistryComesBack_TriesAgainWhenAskedTo()
    {
        await using var scene = new DockerScene();
        var port = FreePort.Find();
        var intention = DockerScene.IntentionOf($"127.0.0.1:{port}/x/{scene.Service}:v1");
        await scene.ApplyAsync(1, 1, intention);
        var waiting = await scene.WaitForAsync(unit => unit.Detail is not null, "in trouble");
        await scene.Engine.BuildAsync(SampleImage.Good, scene.Service, "v1", $"127.0.0.1:{port}/x");
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        var still = await scene.FindAsync();

        await scene.ApplyAsync(1, 1, intention);

        waiting.Detail.Should().Contain("connection refused");
        still!.Phase.Should().Be(Phase.Preparing, "nobody has asked for it again");
        await scene.WaitForAsync(Phase.Running);
    }

    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n{\"status\":\"Pulling\"}\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"status\":\"Pu")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"status\":\"Pulling\"}\n")]
    public async Task Apply_WhenTheEngineBreaksThePullOff_PullsAgain(string answer)
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var intention = DockerScene.IntentionOf(await PublishAsync(scene, _open));
        proxy.BreakOff = request => IsPull(request) && proxy.Requests.Count(IsPull) == 1 ? answer : null;

        await scene.ApplyAsync(1, 1, intention);
        var waiting = await scene.WaitForAsync(unit => unit.Detail is not null, "in trouble");

        waiting.Phase.Should().Be(Phase.Preparing, waiting.Detail);
        await scene.RunAsync(1, intention);

        static bool IsPull(string request) => request.Contains("/images/create", StringComparison.Ordinal);
    }

    [Test]
    public async Task Apply_WhenTheRegistryDoesNotAnswer_GivesUpForNow()
    {
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        await using var scene = new DockerScene(
            new DockerOptions(new Uri(TestEngine.Endpoint)) { RegistryLimit = TimeSpan.FromSeconds(1) });

        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf($"{registry.LocalEndpoint}/nothing:v1"));

        var unit = await scene.WaitForAsync(unit => unit.Detail is not null, "in trouble");
        unit.Phase.Should().Be(Phase.Preparing);
        unit.Detail.Should().Contain("stopped answering");
    }

    [Test]
    public async Task MarkGone_WhenARegistryLeavesThePullHanging_StopsIt()
    {
        await using var scene = new DockerScene();
        using var registry = new TcpListener(IPAddress.Loopback, 0);
        registry.Start();
        await scene.ApplyAsync(1, 1, DockerScene.IntentionOf($"{registry.LocalEndpoint}/nothing:v1"));
        using var pull = await registry.AcceptTcpClientAsync();
        var unit = await scene.FindAsync();

        await scene.Port.MarkGoneAsync([scene.Unit()], default).WaitAsync(WaitFor.Limit);

        unit!.Phase.Should().Be(Phase.Preparing);
        (await scene.FindAsync()).Should().BeNull();
        (await pull.GetStream().ReadAsync(new byte[4096]).AsTask().WaitAsync(WaitFor.Limit)).Should().BePositive();
    }

    [TestCase(null, "no basic auth credentials")]
    [TestCase("wrong", "unauthorized")]
    public async Task Apply_WhenCredentialsAreMissingOrWrong_FailsUntilSomebodyLogsIn(string? password, string words)
    {
        var options = OptionsWith(password is null ? "{}" : Login(_private, password));
        await using var scene = new DockerScene(options);
        var intention = DockerScene.IntentionOf(await PublishAsync(scene, _private, s_login));
        await scene.ApplyAsync(1, 1, intention);
        var refused = await scene.WaitForAsync(Phase.Failed);
        await scene.DestroyAsync(scene.Unit());

        await File.WriteAllTextAsync(Path.Combine(options.ConfigFolder, "config.json"), Login(_private, LocalRegistry.Password));
        await scene.ApplyAsync(1, 1, intention);

        refused.Detail.Should().Contain(words);
        await scene.WaitForAsync(Phase.Running);
    }

    [TestCase("toomanyrequests: retry-after: 7s, allowed: 44000/minute", true, 7.0)]
    [TestCase("toomanyrequests: retry-after: 250ms", true, 0.25)]
    [TestCase("Get \"https://r.invalid/v2/\": dial tcp: lookup r.invalid on 1.2.3.4:53: no such host", true, null)]
    [TestCase("Get \"https://r/v2/\": net/http: TLS handshake timeout", true, null)]
    [TestCase("unexpected EOF", true, null)]
    [TestCase("Get \"https://r/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)", true, null)]
    [TestCase("Get \"https://r/v2/\": context deadline exceeded", true, null)]
    [TestCase("pull access denied for x, repository does not exist or may require 'docker login'", false, null)]
    [TestCase("invalid reference format: repository name must be lowercase", false, null)]
    public void PullTrouble_ByTheEnginesWords_MayPassOrNot(string words, bool mayPass, double? seconds)
    {
        var trouble = new ImagePullException(words);

        trouble.MayPass.Should().Be(mayPass);
        trouble.RetryAfter?.TotalSeconds.Should().BeApproximately(seconds!.Value, 0.001);
        (trouble.RetryAfter is null).Should().Be(seconds is null);
    }

    // Both here and in the registry the tag means another image from now on.
    private static async Task MoveTagAsync(DockerScene scene)
    {
        var name = (await scene.FindAsync())!.Intention!.Image;
        var prefix = name[..name.LastIndexOf($"/{scene.Service}", StringComparison.Ordinal)];
        await scene.Engine.BuildAsync(SampleImage.NeverListens, scene.Service, "v1", prefix);
        await scene.Engine.PushAsync(name);
    }

    // The image is in the registry only, as on a machine that has never run it.
    private static async Task<string> PublishAsync(DockerScene scene, LocalRegistry registry, AuthConfig? login = null)
    {
        var image = await scene.Engine.BuildAsync(SampleImage.Good, scene.Service, "v1", $"{registry.Address}/team");
        await scene.Engine.PushAsync(image, login);
        await scene.Engine.RemoveImageAsync(image);
        return image;
    }

    private static string Login(LocalRegistry registry, string password) => JsonSerializer.Serialize(new
    {
        auths = new Dictionary<string, object>
        {
            [registry.Address] = new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LocalRegistry.UserName}:{password}")) },
        },
    });

    private static DockerOptions OptionsWith(string config)
    {
        var folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "docker-config", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        return new DockerOptions(new Uri(TestEngine.Endpoint)) { ConfigFolder = folder };
    }
}
