using Deployster.EndToEnd.Tests.Gateway;
using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

/// <summary>Services that roll in batches, and one that cannot run twice.</summary>
public sealed class StrategyOnDockerTests
{
    // It ends where another unit holds the lock, and lets it go when it ends by itself or is told to.
    private const string Locked =
        """
        busybox mkdir /data/lock || { echo the lock is held; exit 4; }
        trap 'busybox rmdir /data/lock' EXIT
        trap 'exit 0' TERM
        echo $VERSION >/data/holder
        /bin/serve & wait $!
        """;

    private TestEngine _engine = null!;
    private string _service = null!;

    [SetUp]
    public void SetUp()
    {
        _engine = new TestEngine();
        _service = _engine.NewService();
    }

    [TearDown]
    public ValueTask StopAsync() => _engine.DisposeAsync();

    [Test]
    public async Task Deploy_OfAServiceThatLocksItsVolume_StopsTheOldOneFirstAndBringsItBackWhereTheNewOneIsBad()
    {
        await _engine.BuildAsync(SampleImage.Good, _service, "v1");
        await _engine.BuildAsync(SampleImage.Good, _service, "v2");
        await _engine.BuildAsync(SampleImage.ExitsAtOnce, _service, "bad");
        await using var deployster = await DeploysterProcess.StartAsync(OnEngine("-gateway-listen="));
        try
        {
            await deployster.Api.DeployAsync(_service, new
            {
                Version = "v1",
                Command = new[] { "sh", "-c", Locked },
                Volumes = new[] { $"{_service}:/data" },
                Strategy = new { MaxSurge = 0, MaxUnavailable = "100%" },
            });
            (await deployster.Api.WaitForEndAsync(_service, "v1")).GetProperty("status").GetString().Should().Be("succeeded");

            await deployster.Api.DeployAsync(_service, new { Version = "v2", DestroyPrevious = true });
            (await deployster.Api.WaitForEndAsync(_service, "v2")).GetProperty("status").GetString().Should().Be("succeeded");
            (await HolderAsync()).Should().Be("v2 holds");

            await deployster.Api.DeployAsync(_service, new { Version = "bad", DestroyPrevious = true });
            var bad = await deployster.Api.WaitForEndAsync(_service, "bad");

            bad.GetProperty("status").GetString().Should().Be("rolled_back");
            bad.GetProperty("message").GetString().Should().Contain("cannot go on").And.NotContain("the lock is held");
            await WaitFor.ValueAsync(HolderAsync, holder => holder == "v2 holds", "the lock");
            (await _engine.InspectOnlyAsync(_service)).State!.Running.Should().BeTrue();
        }
        finally
        {
            await Task.WhenAll((await _engine.ContainersOfAsync(_service)).Select(id =>
                _engine.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true })));
            await _engine.Client.Volumes.RemoveAsync(_service, force: true);
        }
    }

    [Test]
    public async Task Deploy_Of20InstancesInBatchesOf5UnderLoad_LosesNoRequestAndRunsAtMost25()
    {
        await _engine.BuildAsync(SampleImage.Good, _service, "v1");
        await _engine.BuildAsync(SampleImage.Good, _service, "v2");
        var gateway = GatewayAddresses.Find();
        await using var deployster = await DeploysterProcess.StartAsync(OnEngine($"-gateway-listen={gateway.Http}", "-drain-timeout=10"));
        await deployster.Api.DeployAsync(_service, new { Version = "v1", InstanceCount = 20 });
        await deployster.Api.WaitForEndAsync(_service, "v1");
        using var rollout = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = new Uri($"http://{gateway.Http}"), DefaultRequestHeaders = { Host = $"{_service}.localhost" } };
        await WaitFor.TrueAsync(async () => (await client.GetAsync("/")).IsSuccessStatusCode, "an answer");
        var answers = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(client, rollout.Token)));
        var running = SampleAsync(rollout.Token);

        await deployster.Api.DeployAsync(_service, new { Version = "v2", DestroyPrevious = true, Strategy = new { MaxSurge = "25%" } });
        var deploy = await deployster.Api.WaitForEndAsync(_service, "v2");
        await rollout.CancelAsync();

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
        var samples = await running;
        samples.Should().OnlyContain(count => count >= 20 && count <= 25).And.Contain(25);
        var told = (await answers).SelectMany(answer => answer).ToList();
        told.Where(answer => !answer.StartsWith("version v", StringComparison.Ordinal)).Should().BeEmpty();
        told.Select(answer => answer.Split(' ')[1]).Distinct().Should().BeEquivalentTo("v1", "v2");
    }

    private static string[] OnEngine(params string[] options) =>
        ["-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}", .. options];

    private async Task<string> HolderAsync()
    {
        var running = await RunningAsync();
        return running.Count == 0 ? "" : (await _engine.ExecuteAsync(
            running[0].ID, "sh", "-c", "echo $(cat /data/holder) $(test -d /data/lock && echo holds)")).Trim();
    }

    private async Task<IList<ContainerListResponse>> RunningAsync() => await _engine.Client.Containers.ListContainersAsync(
        new ContainersListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [$"deployster.service={_service}"] = true },
            },
        });

    private async Task<IReadOnlyList<int>> SampleAsync(CancellationToken cancellationToken)
    {
        var samples = new List<int>();
        while (!cancellationToken.IsCancellationRequested)
        {
            samples.Add((await RunningAsync()).Count);
        }

        return samples;
    }

    private static async Task<IReadOnlyList<string>> AskAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var answers = new List<string>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync("/", CancellationToken.None);
                answers.Add(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(CancellationToken.None) : $"{answer.StatusCode}");
            }
            catch (HttpRequestException e)
            {
                answers.Add(e.Message);
            }

            await Task.Delay(40, CancellationToken.None);
        }

        return answers;
    }
}
