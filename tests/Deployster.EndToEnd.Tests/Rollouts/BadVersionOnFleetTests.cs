using System.Text.Json;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Rollouts;

/// <summary>Versions that are bad in all the ways in which a Fleet shows it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BadVersionOnFleetTests
{
    private FleetServer _fleet = null!;
    private DeploysterProcess _deployster = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _fleet = await FleetServer.StartAsync(new FleetServerOptions());
        _deployster = await DeploysterProcess.StartAsync($"-fleet={_fleet.Address}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _deployster.DisposeAsync();
        await _fleet.DisposeAsync();
    }

    [TestCase("fails-1", 0, "failed")]
    [TestCase("never-1", 0, "is starting")]
    [TestCase("dies-1", 4, "failed")]
    [TestCase("noimage-1", 0, "failed")]
    [TestCase("loops-1", 0, "loops-1")]
    [TestCase("homeless-1", 0, "is on no machine")]
    public async Task Deploy_WhenTheVersionIsBad_RollsBackWithTheReason(string version, int minHealthySeconds, string reason)
    {
        var service = $"web-{version}";
        await _deployster.Api.DeployAsync(service, new { Version = "good", InstanceCount = 2 });
        await _deployster.Api.WaitForEndAsync(service, "good");
        var before = await UnitsAsync(service);

        await _deployster.Api.DeployAsync(
            service, new { Version = version, DestroyPrevious = true, MinHealthySeconds = minHealthySeconds, Deadline = 10 });
        var deploy = await _deployster.Api.WaitForEndAsync(service, version);

        deploy.GetProperty("status").GetString().Should().Be("rolled_back");
        deploy.GetProperty("message").GetString().Should().Contain(reason);
        (await UnitsAsync(service)).Should().BeEquivalentTo(before);
    }

    [Test]
    public async Task Deploy_WhenTheVersionIsBadAndNothingIsToBeDestroyed_LeavesItToBeLookedAt()
    {
        await _deployster.Api.DeployAsync("beside", new { Version = "fails-1", InstanceCount = 2 });

        var deploy = await _deployster.Api.WaitForEndAsync("beside", "fails-1");

        deploy.GetProperty("status").GetString().Should().Be("failed");
        (await UnitsAsync("beside")).Should().HaveCount(2);
    }

    private async Task<IReadOnlyList<string>> UnitsAsync(string service) =>
    [
        .. (await _deployster.Api.GetAsync($"/v1/services/{service}/units")).GetProperty("units").EnumerateArray()
            .Select(unit => $"{Text(unit, "name")} {Text(unit, "active_state")}/{Text(unit, "sub_state")}"),
    ];

    private static string? Text(JsonElement unit, string property) => unit.GetProperty(property).GetString();
}
