using Deployster.Testing;
using Docker.DotNet.Models;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

public sealed class CapacityTests
{
    [Test]
    public async Task Deploy_OnDocker_NeverHasFewerThanTheOldNumberUntilTheNewOnesAreHealthy()
    {
        const int Old = 2;
        await using var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await engine.BuildAsync(SampleImage.AnswersAfter(1), service, "v2");
        await using var deployster = await DeploysterProcess.StartAsync(
            "-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");
        await deployster.Api.DeployAsync(service, new { Version = "v1", InstanceCount = Old });
        await deployster.Api.WaitForEndAsync(service, "v1");

        using var rollout = new CancellationTokenSource();
        var samples = SampleAsync(engine, service, rollout.Token);
        await deployster.Api.DeployAsync(
            service, new { Version = "v2", DestroyPrevious = true, HealthCheck = new { Path = "/health" } });
        var deploy = await deployster.Api.WaitForEndAsync(service, "v2");
        await rollout.CancelAsync();

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
        var seen = await samples;
        seen.Should().Contain(sample => sample.Old == Old && sample.New == Old, "both sets run for a while");
        seen.TakeWhile(sample => sample.New < Old).Should().OnlyContain(sample => sample.Old == Old);
        seen.Should().OnlyContain(sample => sample.Old + sample.New >= Old);
    }

    private static async Task<IReadOnlyList<(int Old, int New)>> SampleAsync(
        TestEngine engine, string service, CancellationToken cancellationToken)
    {
        var samples = new List<(int Old, int New)>();
        while (!cancellationToken.IsCancellationRequested)
        {
            var running = await engine.Client.Containers.ListContainersAsync(
                new ContainersListParameters
                {
                    Filters = new Dictionary<string, IDictionary<string, bool>>
                    {
                        ["label"] = new Dictionary<string, bool> { [$"deployster.service={service}"] = true },
                    },
                },
                CancellationToken.None);
            samples.Add((
                running.Count(container => container.Labels["deployster.version"] == "v1"),
                running.Count(container => container.Labels["deployster.version"] == "v2")));
        }

        return samples;
    }
}
