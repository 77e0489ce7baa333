using System.Text.Json;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Releases;

/// <summary>Release commands on a real engine, and secrets, which they need.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class ReleaseOnDockerTests
{
    private const string Value = "hunter2-is-never-shown";

    private readonly TestEngine _engine = new();
    private DeploysterProcess _deployster = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _deployster = await StartDeploysterAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Test]
    public async Task Deploy_WhenTheReleaseCommandSucceeds_LaunchesAfterItWithItsSecretsAndShowsNoValue()
    {
        var service = await BuildAsync();

        var asked = await _deployster.Api.DeployAsync(service, new
        {
            Version = "v1",
            ReleaseCommand = (string[])["/bin/sh", "-c", $"echo migrating; test ${{#password}} = {Value.Length} && echo all is there"],
            SecretEnv = new { password = Value },
        });
        asked.GetProperty("instances").GetArrayLength().Should().Be(0);
        var ended = await _deployster.Api.WaitForEndAsync(service, "v1");

        ended.GetProperty("status").GetString().Should().Be("succeeded", ended.GetRawText());
        ended.GetProperty("spec").GetProperty("secret_env").GetRawText().Should().Be("""["password"]""");
        var events = await _deployster.Api.Http.GetStringAsync($"/v1/services/{service}/deploys/v1/events");
        events.Should().MatchRegex("(?s)event: releasing.*migrating.*all is there.*event: released.*event: launching.*event: succeeded");
        var task = (await _deployster.Api.GetAsync($"/v1/services/{service}/tasks")).GetProperty("tasks").EnumerateArray().Single();
        task.GetProperty("purpose").GetString().Should().Be("release");
        task.GetProperty("status").GetString().Should().Be("succeeded");
        (await _engine.InspectOnlyAsync(service)).Config!.Env.Should().Contain($"password={Value}", "no container of the release command is left");
        await ShowsNoValueAsync(service);
    }

    [Test]
    public async Task Deploy_WhenTheReleaseCommandFails_HasFailedAndChangesNothing()
    {
        var service = await BuildAsync();
        await RunAsync(service, "v1", new { Version = "v1" });
        var before = await _engine.ContainersOfAsync(service);

        var ended = await RunAsync(service, "v2", new { Version = "v2", DestroyPrevious = true, ReleaseCommand = "sh -c 'echo broken; exit 3'" });

        ended.GetProperty("status").GetString().Should().Be("failed");
        ended.GetProperty("message").GetString().Should().Contain("Exited (3)");
        await WaitFor.ValueAsync(() => _engine.ContainersOfAsync(service), containers => containers.SequenceEqual(before), "nothing of it is left");
    }

    [Test]
    public async Task Deploy_WhenItIsCancelledDuringTheReleaseCommand_StopsItAndEndsCancelled()
    {
        var service = await BuildAsync();
        await _deployster.Api.DeployAsync(service, new { Version = "v1", ReleaseCommand = "sleep 600" });
        await WaitForReleaseAsync(_deployster, service);

        await _deployster.Api.DeleteAsync($"/v1/services/{service}/deploys/v1");

        (await _deployster.Api.WaitForEndAsync(service, "v1")).GetProperty("status").GetString().Should().Be("cancelled");
        await WaitFor.ValueAsync(() => _engine.ContainersOfAsync(service), containers => containers.Count == 0, "nothing of it is left");
    }

    [Test]
    public async Task Deploy_WhenTheReleaseCommandCannotBeRun_HasFailedAndSoHasItsTask()
    {
        var service = await BuildAsync();

        var ended = await RunAsync(service, "v1", new { Version = "v1", ReleaseCommand = "echo", Container = new { Networks = (string[])["nowhere-to-be-found"] } });

        ended.GetProperty("status").GetString().Should().Be("failed");
        ended.GetProperty("message").GetString().Should().Contain("nowhere-to-be-found");
        await WaitFor.ValueAsync(
            () => _deployster.Api.GetAsync($"/v1/services/{service}/tasks"),
            tasks => tasks.GetProperty("tasks").EnumerateArray().Single().GetProperty("status").GetString() == "failed",
            "its task has ended");
        await WaitFor.ValueAsync(() => _engine.ContainersOfAsync(service), containers => containers.Count == 0, "nothing of it is left");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Deploy_WhenDeploysterIsKilledDuringTheReleaseCommand_CarriesItOnAndRunsItOnce(bool isOverWhenItIsBack)
    {
        await using var deployster = await StartDeploysterAsync();
        var service = await BuildAsync();
        var folder = Directory.CreateTempSubdirectory("deployster-release-");
        await deployster.Api.DeployAsync(service, new
        {
            Version = "v1",
            ReleaseCommand = (string[])["/bin/sh", "-c", "echo begun >>/host/runs; while [ ! -e /host/go ]; do sleep 0.1; done; echo the end"],
            SecretEnv = new { password = Value },
            Volumes = (string[])[$"{folder.FullName}:/host"],
        });
        await WaitFor.TrueAsync(() => Task.FromResult(File.Exists($"{folder.FullName}/runs")), "the release command runs");
        await deployster.KillAsync();
        if (isOverWhenItIsBack)
        {
            await File.WriteAllTextAsync($"{folder.FullName}/go", "");
            await WaitFor.TrueAsync(async () => (await _engine.InspectOnlyAsync(service)).State!.Status == "exited", "it has ended");
        }

        await deployster.StartAgainAsync();
        await File.WriteAllTextAsync($"{folder.FullName}/go", "");
        var ended = await deployster.Api.WaitForEndAsync(service, "v1");

        ended.GetProperty("status").GetString().Should().Be("succeeded", ended.GetRawText());
        (await File.ReadAllLinesAsync($"{folder.FullName}/runs")).Should().Equal("begun");
        (await deployster.Api.Http.GetStringAsync($"/v1/services/{service}/deploys/v1/events")).Split("the end").Should().HaveCount(2);
        await WaitFor.TrueAsync(async () => (await _engine.ContainersOfAsync(service)).Count == 1, "only the unit is left");
        (await _engine.InspectOnlyAsync(service)).Config!.Env.Should().Contain($"password={Value}");
        folder.Delete(recursive: true);
    }

    private static Task<DeploysterProcess> StartDeploysterAsync() => DeploysterProcess.StartAsync(
        "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");

    private static Task<JsonElement> WaitForReleaseAsync(DeploysterProcess deployster, string service) => WaitFor.ValueAsync(
        () => deployster.Api.GetAsync($"/v1/services/{service}/tasks"),
        tasks => tasks.GetProperty("tasks").EnumerateArray().Any(task => task.GetProperty("started_at").ValueKind == JsonValueKind.String),
        "the release command runs");

    private async Task<string> BuildAsync()
    {
        var service = _engine.NewService();
        await _engine.BuildAsync(SampleImage.Good, service, "v1");
        await _engine.BuildAsync(SampleImage.Good, service, "v2");
        return service;
    }

    private async Task<JsonElement> RunAsync(string service, string version, object deploy)
    {
        await _deployster.Api.DeployAsync(service, deploy);
        return await _deployster.Api.WaitForEndAsync(service, version);
    }

    // All that is done with a secret, and all that could hold it: answers, events, pages, the log and every file.
    private async Task ShowsNoValueAsync(string service)
    {
        await RunAsync(service, "v2", new { Version = "v2", DestroyPrevious = true });
        await _deployster.Api.PostAsync($"/v1/services/{service}/rollback");
        await WaitFor.TrueAsync(
            async () => (await _deployster.Api.GetAsync($"/v1/services/{service}/deploys")).GetProperty("deploys")[0] is var last
                && last.GetProperty("version").GetString() == "v1" && last.GetProperty("status").GetString() == "succeeded",
            "it has come back");
        await _deployster.Api.PutAsync($"/v1/services/{service}/instances", new { instance_count = 2 });
        using var task = await _deployster.Api.Http.PostAsync($"/v1/services/{service}/tasks", new StringContent(
            JsonSerializer.Serialize(new { task = new { version = "v1", command = "sh -c 'test -n \"$own\" && test -n \"$password\" && echo both are there'", secret_env = new { own = Value } } }),
            null,
            "application/json"));
        var output = await task.Content.ReadAsStringAsync();
        output.Should().Contain("both are there").And.Contain("Exited (0)");
        await _deployster.Api.PostAsync("/v1/prune?dry_run=true");
        var shown = new List<string> { output };
        foreach (var path in (string[])
        [
            $"/v1/services/{service}/deploys", $"/v1/services/{service}/deploys/v1", $"/v1/services/{service}/deploys/v1/events",
            $"/v1/services/{service}/deploys/v2/events", $"/v1/services/{service}/units", $"/v1/services/{service}/tasks",
            "/v1/services", "/v1/tasks", "/", $"/services/{service}", $"/services/{service}/deploys/v1", "/metrics",
        ])
        {
            using var answer = await _deployster.Api.Http.GetAsync(path);
            shown.Add(await answer.Content.ReadAsStringAsync());
        }

        shown.Add((await _deployster.Api.PostAsync(
            $"/v1/services/{service}/deploys?dry_run=true", new { deploy = new { version = "v2", secret_env = new { OTHER = Value } } })).GetRawText());
        using var refused = await _deployster.Api.Http.PostAsync(
            $"/v1/services/{service}/deploys", new StringContent(
                JsonSerializer.Serialize(new { deploy = new { version = "v2", secret_env = new { A = $"{Value}\0" } } }), null, "application/json"));
        shown.Add(await refused.Content.ReadAsStringAsync());
        shown.Add(_deployster.Log);
        foreach (var file in Directory.EnumerateFiles(_deployster.Data!, "*", SearchOption.AllDirectories))
        {
            shown.Add(System.Text.Encoding.Latin1.GetString(await ReadAsync(file)));
        }

        shown.Should().NotContain(text => text.Contains(Value));
        (await _engine.ContainersOfAsync(service)).Should().HaveCount(2);
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
