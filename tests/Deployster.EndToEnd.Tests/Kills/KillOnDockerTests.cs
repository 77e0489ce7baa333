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
        await deployster.Api.DeployAsync(service, new { Version = "v1", InstanceCount = 2 });
        await deployster.Api.WaitForEndAsync(service, "v1");

        for (var round = 1; round <= 20; round++)
        {
            var version = round % 2 == 1 ? "v2" : "v1";
            await deployster.DeployAndKillAsync(
                service, version, Killing.StrategyOf(round), TimeSpan.FromMilliseconds(_random.Next(round % 2 == 1 ? 1500 : 2500)));

            var deploy = await deployster.Api.WaitForEndAsync(service, version);

            deploy.GetProperty("status").GetString().Should().Be("succeeded", "of round {0}: {1}", round, deploy);
            await WaitFor.ValueAsync(
                () => deployster.VersionsAsync(service), versions => versions == $"{version} {version}", $"round {round}");
            (await engine.ContainersOfAsync(service)).Should().HaveCount(2);
        }
    }
}
