using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Kills;

/// <summary>Deployster is killed at random moments of rollouts on an engine and started again.</summary>
public sealed class KillOnDockerTests
{
    private readonly Random _random = new(TestContext.CurrentContext.Random.Next());

    [Test]
    public async Task Deploy_WhenKilled20TimesOnDocker_EndsWithOnlyTheNewVersionEveryTime()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await engine.BuildAsync(SampleImage.Good, service, "v2");
        await using var deployster = await DeploysterProcess.StartAsync(
            ["-fleet=docker", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}"],
            "/readyz",
            place: DeploysterPlace.ForSeconds);
        var runs = Directory.CreateTempSubdirectory("deployster-runs-");
        await deployster.Api.DeployAsync(service, new { Version = "v1", InstanceCount = 2, Volumes = (string[])[$"{runs.FullName}:/runs"] });
        await deployster.Api.WaitForEndAsync(service, "v1");

        for (var round = 1; round <= 20; round++)
        {
            var version = round % 2 == 1 ? "v2" : "v1";
            var isReleased = round % 4 == 1;
            await deployster.DeployAndKillAsync(
                service,
                version,
                Killing.StrategyOf(round),
                TimeSpan.FromMilliseconds(_random.Next(round % 2 == 1 ? 1500 : 2500)),
                isReleased ? $"sh -c 'echo run >>/runs/{round}; sleep 0.5'" : null);

            var deploy = await deployster.Api.WaitForEndAsync(service, version);

            deploy.GetProperty("status").GetString().Should().Be("succeeded", "of round {0}: {1}", round, deploy);
            await WaitFor.ValueAsync(
                () => deployster.VersionsAsync(service), versions => versions == $"{version} {version}", $"round {round}");
            await WaitFor.ValueAsync(() => engine.ContainersOfAsync(service), containers => containers.Count == 2, $"nothing else is left of round {round}");
            (isReleased ? await File.ReadAllLinesAsync($"{runs.FullName}/{round}") : ["run"]).Should().Equal(["run"], "of round {0}", round);
        }

        runs.Delete(recursive: true);
    }
}
