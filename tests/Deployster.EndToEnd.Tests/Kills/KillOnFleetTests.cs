using System.Text.Json;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Kills;

/// <summary>Deployster is killed at random moments of rollouts on a Fleet and started again: each ends in one of the two allowed ways.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KillOnFleetTests
{
    private readonly Random _random = new(TestContext.CurrentContext.Random.Next());

    [Test]
    public async Task Deploy_WhenKilled20TimesOnFleet_EndsWithOnlyTheNewVersionEveryTime()
    {
        await using var fleet = await FleetServer.StartAsync(SlowFleet());
        await using var deployster = await DeploysterProcess.StartAsync([$"-fleet={fleet.Address}"], "/readyz", place: DeploysterPlace.ForSeconds);
        await deployster.Api.DeployAsync("web", new { Version = "v1", InstanceCount = 3 });
        await deployster.Api.WaitForEndAsync("web", "v1");

        for (var round = 1; round <= 20; round++)
        {
            var version = round % 2 == 1 ? "v2" : "v1";
            await deployster.DeployAndKillAsync(
                "web", version, Killing.StrategyOf(round), TimeSpan.FromMilliseconds(_random.Next(round % 2 == 1 ? 1500 : 3000)));

            var deploy = await deployster.Api.WaitForEndAsync("web", version);

            deploy.GetProperty("status").GetString().Should().Be("succeeded", "of round {0}: {1}", round, deploy);
            (await deployster.VersionsAsync("web")).Should().Be($"{version} {version} {version}");
        }
    }

    [Test]
    public async Task Deploys_WhenKilled50TimesInTheMiddleOfGoodAndBadOnes_EachEndAsTheirVersionDeserves()
    {
        const int Batches = 10;
        const int KillsEach = 5;
        var services = Enumerable.Range(1, 6).Select(number => $"service-{number}").ToList();
        await using var fleet = await FleetServer.StartAsync(SlowFleet());
        await using var deployster = await DeploysterProcess.StartAsync([$"-fleet={fleet.Address}"], "/readyz", place: DeploysterPlace.ForSeconds);
        await Task.WhenAll(services.Select(service =>
            deployster.Api.DeployAsync(service, new { Version = "v0", InstanceCount = 2 })));
        await Task.WhenAll(services.Select(service => deployster.Api.WaitForEndAsync(service, "v0")));
        var running = services.ToDictionary(service => service, _ => "v0");

        for (var batch = 1; batch <= Batches; batch++)
        {
            // Some requests are still on their way when the process is killed: whether they arrived is seen afterwards.
            var asked = services.ToDictionary(service => service, _ => $"{(_random.Next(2) == 0 ? "v" : "fails-")}{batch}");
            var requests = asked.Select(deploy => TryDeployAsync(
                deployster, deploy.Key, deploy.Value, strategy: Killing.Strategies[_random.Next(Killing.Strategies.Count)])).ToList();
            for (var kill = 1; kill <= KillsEach; kill++)
            {
                await Task.Delay(_random.Next(1000));
                await deployster.KillAsync();
                await deployster.StartAgainAsync();
            }

            await Task.WhenAll(requests);
            foreach (var (service, version) in asked)
            {
                await WaitFor.TrueAsync(() => HasNoRolloutAsync(deployster, service), $"the end of {service}:{version}");
                var versions = await deployster.VersionsAsync(service);
                var before = running[service];
                versions.Should().BeOneOf([$"{before} {before}", $"{version} {version}"], "in batch {0} of {1}:{2}", batch, service, version);
                running[service] = versions.Split(' ')[0];
                if (version.StartsWith("fails", StringComparison.Ordinal))
                {
                    running[service].Should().Be(before, "{0} never was healthy", version);
                }
            }
        }
    }

    [Test]
    public async Task Deploy_WhenKilledBetweenTheHistoryAndTheFleet_IsCompletedAndToldTruly()
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync([$"-fleet={fleet.Address}"], "/readyz", place: DeploysterPlace.ForSeconds);
        fleet.Faults = new Faults { Only = RequestKind.PutUnit, Latency = TimeSpan.FromSeconds(30) };
        var request = TryDeployAsync(deployster, "web", "v1", destroyPrevious: false);
        await WaitFor.TrueAsync(
            async () => (await deployster.Api.GetAsync("/v1/services/web/deploys")).GetProperty("deploys").GetArrayLength() == 1,
            "the deploy in the history");

        await deployster.KillAsync();
        await request;
        fleet.Clear();
        fleet.Faults = Faults.None;
        await deployster.StartAgainAsync();
        var deploy = await deployster.Api.WaitForEndAsync("web", "v1");

        deploy.GetProperty("status").GetString().Should().Be("succeeded");
        (await deployster.VersionsAsync("web")).Should().Be("v1");
        (await deployster.Api.GetAsync("/v1/services/web/deploys")).GetProperty("deploys").GetArrayLength().Should().Be(1);
    }

    private static FleetServerOptions SlowFleet() => new()
    {
        // A rollout takes about as long as the moments of the kills are apart.
        Behavior = unit => VersionBehaviors.Choose(unit, UnitBehavior.Healthy with { StartPost = TimeSpan.FromMilliseconds(700) }),
    };

    private static async Task TryDeployAsync(
        DeploysterProcess deployster, string service, string version, bool destroyPrevious = true, object? strategy = null)
    {
        try
        {
            var deploy = new { Version = version, DestroyPrevious = destroyPrevious, Strategy = strategy, Clear = strategy is null ? new[] { "strategy" } : null };
            await deployster.Api.DeployAsync(service, deploy);
        }
        catch (HttpRequestException)
        {
            // Killed before it could answer.
        }
    }

    private static async Task<bool> HasNoRolloutAsync(DeploysterProcess deployster, string service)
    {
        var services = await deployster.Api.GetAsync("/v1/services");
        return services.GetProperty("services").EnumerateArray()
            .Where(entry => entry.GetProperty("name").GetString() == service)
            .All(entry => entry.GetProperty("rollout").ValueKind == JsonValueKind.Null);
    }
}
