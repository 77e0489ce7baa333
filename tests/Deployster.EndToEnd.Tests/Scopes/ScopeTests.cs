using System.Net;
using Deployster.EndToEnd.Tests.Kills;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Scopes;

/// <summary>Several Deploysters on one engine: two of different scopes and one of none. Each has the same service.</summary>
public sealed class ScopeTests
{
    private readonly TestEngine _engine = new();
    private readonly Dictionary<string, (DeploysterProcess Process, IPEndPoint Gateway)> _deploysters = [];
    private string _service = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _service = _engine.NewService();
        await _engine.BuildAsync(SampleImage.Good, _service, "v1");
        await _engine.BuildAsync(SampleImage.Good, _service, "v2");
        var unique = Guid.NewGuid().ToString("N")[..8];
        foreach (var scope in new[] { $"a-{unique}", $"b-{unique}", "" })
        {
            var gateway = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
            _deploysters[scope.Split('-')[0]] = (await DeploysterProcess.StartAsync(
                "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", $"-scope={scope}",
                $"-gateway-listen={gateway}", "-drain-timeout=2", "-keep-images=1"), gateway);
        }

        // At the same moment, so that even their units' names may be the same.
        await Task.WhenAll(_deploysters.Select(async one =>
        {
            await one.Value.Process.Api.DeployAsync(_service, new { Version = "v1", InstanceCount = 2, Env = new Dictionary<string, string> { ["VERSION"] = $"of-{one.Key}" } });
            await one.Value.Process.Api.WaitForEndAsync(_service, "v1");
        }));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var (process, _) in _deploysters.Values)
        {
            await process.DisposeAsync();
        }

        await _engine.DisposeAsync();
    }

    [Test]
    public async Task Deploysters_OnOneEngine_NeitherSeeNorRouteNorTouchWhatIsNotTheirs()
    {
        foreach (var (scope, (process, gateway)) in _deploysters)
        {
            (await process.VersionsAsync(_service)).Should().Be("v1 v1", "of {0}", scope);
            await AnswersAsync(gateway, $"of-{scope}");
        }

        (await _engine.ContainersOfAsync(_service)).Should().HaveCount(6);
        var tasks = new Dictionary<string, string>();
        foreach (var (scope, (process, _)) in _deploysters)
        {
            var task = await process.Api.PostAsync(
                $"/v1/services/{_service}/tasks?detach=true",
                new { Task = new { Version = "v1", Command = new[] { "sh", "-c", "trap exit TERM; sleep 600 & wait" } } });
            tasks[scope] = task.GetProperty("id").GetString()!;
        }

        // One replaces its units, another destroys its own, and the third is killed and started again. None of them needs
        // the image of the other version any more.
        await _deploysters["a"].Process.Api.DeployAsync(
            _service, new { Version = "v2", DestroyPrevious = true, Env = new Dictionary<string, string> { ["VERSION"] = "of-a" } });
        (await _deploysters["a"].Process.Api.WaitForEndAsync(_service, "v2")).GetProperty("status").GetString().Should().Be("succeeded");
        await _deploysters["b"].Process.Api.DeleteAsync($"/v1/services/{_service}/deploys/v1");
        await _deploysters[""].Process.KillAsync();
        await _deploysters[""].Process.StartAgainAsync();

        (await _deploysters["a"].Process.Api.PostAsync("/v1/prune")).GetRawText()
            .Should().Be("""{"images":[],"containers":[],"freed_bytes":0}""", "the third uses the image");

        (await _deploysters["a"].Process.VersionsAsync(_service)).Should().Be("v2 v2");
        (await _deploysters["b"].Process.VersionsAsync(_service)).Should().BeEmpty();
        (await _deploysters[""].Process.VersionsAsync(_service)).Should().Be("v1 v1");
        (await _engine.ContainersOfAsync(_service)).Should().HaveCount(4 + 3, "tasks are of the service, too");
        await AnswersAsync(_deploysters["a"].Gateway, "of-a");
        await AnswersAsync(_deploysters[""].Gateway, "of-");
        foreach (var (scope, (process, _)) in _deploysters)
        {
            await WaitFor.ValueAsync(() => RunningTasksAsync(process), running => running.SequenceEqual([tasks[scope]]), $"only its own task runs for '{scope}'");
        }
    }

    private async Task<IReadOnlyList<string?>> RunningTasksAsync(DeploysterProcess process) =>
    [
        .. (await process.Api.GetAsync($"/v1/services/{_service}/tasks")).GetProperty("tasks").EnumerateArray()
            .Where(task => task.GetProperty("status").GetString() == "running")
            .Select(task => task.GetProperty("id").GetString()),
    ];

    private async Task AnswersAsync(IPEndPoint gateway, string words)
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Host = $"{_service}.localhost" } };
        for (var request = 0; request < 4; request++)
        {
            (await client.GetStringAsync($"http://{gateway}/")).Should().Contain($"version {words} on");
        }
    }
}
