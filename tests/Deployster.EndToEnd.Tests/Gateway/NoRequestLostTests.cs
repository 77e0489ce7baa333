using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Gateway;

/// <summary>What a client sees of deploys, failures and restarts: nothing.</summary>
public sealed class NoRequestLostTests
{
    private ServiceUnderLoad _service = null!;

    [OneTimeSetUp]
    public async Task BuildAsync() => _service = await ServiceUnderLoad.CreateAsync();

    [OneTimeTearDown]
    public async Task RemoveAsync() => await _service.DisposeAsync();

    [Test]
    public async Task Deploys_WhenTwentyFollowEachOtherUnderLoad_LoseNoRequest()
    {
        var gateway = GatewayAddresses.Find();
        await using var deployster = await _service.StartDeploysterAsync(gateway);
        await _service.DeployAsync(deployster.Api, "one");
        await _service.WaitForAnswerAsync(gateway);
        var load = Load.Start(gateway, _service.Host);

        for (var deploy = 1; deploy <= 20; deploy++)
        {
            var status = await _service.DeployAsync(deployster.Api, deploy % 2 == 0 ? "one" : "two");
            status.Should().Be("succeeded");
        }

        await WaitFor.TrueAsync(() => load.Elapsed > TimeSpan.FromMinutes(2), "two minutes of load", TimeSpan.FromMinutes(2));
        var report = await StopAsync(load);
        report.Failures.Should().BeEmpty();
        report.RequestsPerSecond.Should().BeGreaterThan(400, "500 are asked for, beside other tests");
        report.Answers.Keys.Should().BeEquivalentTo("one", "two");
    }

    [Test]
    public async Task Deploy_WhenTheVersionIsBadUnderLoad_IsRolledBackAndLosesNoRequest()
    {
        var gateway = GatewayAddresses.Find();
        await using var deployster = await _service.StartDeploysterAsync(gateway);
        await _service.DeployAsync(deployster.Api, "one");
        await _service.WaitForAnswerAsync(gateway);
        var load = Load.Start(gateway, _service.Host);

        var status = await _service.DeployAsync(deployster.Api, "bad", deadline: 8);

        status.Should().Be("rolled_back");
        var report = await StopAsync(load);
        report.Failures.Should().BeEmpty();
        report.Answers.Keys.Should().Equal("one");
    }

    [Test]
    public async Task Kill_WhenItHitsAUnitUnderLoad_CostsOnlyWhatWasInFlightThere()
    {
        var gateway = GatewayAddresses.Find();
        await using var deployster = await _service.StartDeploysterAsync(gateway);
        await _service.DeployAsync(deployster.Api, "one");
        await _service.WaitForAnswerAsync(gateway);
        var load = Load.Start(gateway, _service.Host);
        await Task.Delay(TimeSpan.FromSeconds(6));

        var unit = (await _service.Engine.ContainersOfAsync(_service.Name))[0];
        await _service.Engine.Client.Containers.KillContainerAsync(unit, new() { Signal = "SIGKILL" });
        var killed = DateTimeOffset.UtcNow;
        await Task.Delay(TimeSpan.FromSeconds(6));

        var report = await StopAsync(load);
        TestContext.Progress.WriteLine($"{report.Failures.Count} requests in flight were lost with the killed unit");
        report.Failures.Where(request => request.Begun >= killed).Should().BeEmpty();
        report.Failures.Count.Should().BeLessThan(20, "no more are in flight at one of two units");
    }

    [Test]
    public async Task Api_WhenItIsKilledAndStartedAgainUnderLoad_LosesNoRequest()
    {
        var address = GatewayAddresses.Find();
        await using var deployster = await _service.StartDeploysterAsync(gateway: null);
        await using var gateway = await _service.StartGatewayAsync(address, deployster.Address);
        await _service.DeployAsync(deployster.Api, "one");
        await _service.WaitForAnswerAsync(address);
        var load = Load.Start(address, _service.Host);

        (await _service.DeployAsync(deployster.Api, "two")).Should().Be("succeeded");
        await deployster.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await deployster.StartAgainAsync();
        (await _service.DeployAsync(deployster.Api, "one")).Should().Be("succeeded");

        // And in the middle of a rollout, at whatever it is just doing.
        var deploy = _service.DeployAsync(deployster.Api, "two");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await deployster.KillAsync();
        await deploy.ContinueWith(_ => { }, TaskScheduler.Default);
        await deployster.StartAgainAsync();
        await deployster.Api.WaitForEndAsync(_service.Name, "two");

        var report = await StopAsync(load);
        report.Failures.Should().BeEmpty();
        report.Answers.Keys.Should().BeEquivalentTo("one", "two");
    }

    private static async Task<LoadReport> StopAsync(Load load)
    {
        var report = await load.StopAsync();
        TestContext.Progress.WriteLine(report);
        return report;
    }
}
