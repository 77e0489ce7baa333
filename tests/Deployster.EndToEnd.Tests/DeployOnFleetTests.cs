using System.Text.Json.Nodes;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests;

/// <summary>What the README does on a Docker Engine, on a Fleet cluster: the units, their options and their states.</summary>
public sealed class DeployOnFleetTests
{
    [Test]
    public async Task Deploys_OnAFleetCluster_MakeTheUnitsOfTheDesign()
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync($"-fleet={fleet.Address}", "-docker-hub-username=mycompany");
        using var plain = fleet.CreateClient();

        await deployster.Api.DeployAsync(
            "railsapp", new { Version = "7bdae1c", Timestamp = "2015.03.02-00.31.45", InstanceCount = 2 });
        await deployster.Api.WaitForEndAsync("railsapp", "7bdae1c");
        var first = await ReadUnitsAsync(plain);
        await deployster.Api.DeployAsync("railsapp", new { Version = "8cebf2d", DestroyPrevious = true });
        await deployster.Api.WaitForEndAsync("railsapp", "8cebf2d");
        var listed = await deployster.Api.GetAsync("/v1/services/railsapp/units");
        await deployster.Api.DeleteAsync("/v1/services/railsapp/deploys/8cebf2d");
        var last = await ReadUnitsAsync(plain);

        first.Select(unit => (string?)unit["name"]).Should().Equal(
            "railsapp:7bdae1c:2015.03.02-00.31.45@1.service", "railsapp:7bdae1c:2015.03.02-00.31.45@2.service");
        OptionsOf(first[0]).Should().Contain(
            "Service.TimeoutStartSec=0",
            "Service.Restart=on-failure",
            "X-Deployster.Image=\"mycompany/railsapp:7bdae1c\"",
            "X-Deployster.Instances=2",
            "X-Deployster.DestroyPrevious=false");
        OptionsOf(first[0]).Single(option => option.StartsWith("Service.ExecStart=", StringComparison.Ordinal)).Should()
            .Contain("docker run --name railsapp-7bdae1c-2015.03.02-00.31.45-%i").And.EndWith("mycompany/railsapp:7bdae1c");
        OptionsOf(first[0]).Single(option => option.StartsWith("Service.ExecStartPost=", StringComparison.Ordinal)).Should()
            .Contain("/vulcand/upstreams/railsapp/endpoints/");
        listed.GetProperty("units").EnumerateArray().Select(unit =>
            $"{unit.GetProperty("version")} {unit.GetProperty("instance")} {unit.GetProperty("desired_state")} {unit.GetProperty("active_state")}/{unit.GetProperty("sub_state")}")
            .Should().Equal("8cebf2d 1 launched active/running", "8cebf2d 2 launched active/running");
        last.Should().BeEmpty();
    }

    private static async Task<IReadOnlyList<JsonNode>> ReadUnitsAsync(HttpClient plain) =>
        [.. JsonNode.Parse(await plain.GetStringAsync("/fleet/v1/units"))!["units"]?.AsArray().OfType<JsonNode>() ?? []];

    private static IEnumerable<string> OptionsOf(JsonNode unit) =>
        unit["options"]!.AsArray().Select(option => $"{option!["section"]}.{option["name"]}={option["value"]}");
}
