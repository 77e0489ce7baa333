using System.Net;
using System.Text;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.EndToEnd.Tests.Tasks;

/// <summary>What units have written; and what of all this there is on a Fleet cluster.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UnitLogTests
{
    [Test]
    public async Task Log_WhenUnitIsAContainer_GivesWhatItWrote()
    {
        await using var scene = await TaskScene.StartAsync();
        await scene.Api.DeployAsync(scene.Service, new { TaskScene.Version });
        await scene.Api.WaitForEndAsync(scene.Service, TaskScene.Version);
        var units = await scene.Api.GetAsync($"/v1/services/{scene.Service}/units");
        var name = units.GetProperty("units")[0].GetProperty("name").GetString()!;
        Task<HttpResponseMessage> GetAsync(string unit, string query) =>
            scene.Api.Http.GetAsync($"/v1/services/{scene.Service}/units/{unit}/logs{query}", HttpCompletionOption.ResponseHeadersRead);

        foreach (var unit in (string[])["1", Uri.EscapeDataString(name)])
        {
            using var log = await GetAsync(unit, "");
            (await log.Content.ReadAsStringAsync()).Should().Be("version v1 starts\n");
        }

        using var none = await GetAsync("1", "?tail=0");
        (await none.Content.ReadAsStringAsync()).Should().BeEmpty();
        using var unknown = await GetAsync("2", "");
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);

        using var followed = await GetAsync("1", "?follow=true&tail=1");
        await using var body = await followed.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        var count = await body.ReadAsync(buffer);
        Encoding.UTF8.GetString(buffer, 0, count).Should().Be("version v1 starts\n");
        var end = body.ReadAsync(buffer).AsTask();
        await scene.Api.DeleteAsync($"/v1/services/{scene.Service}/deploys/{TaskScene.Version}");
        (await end.WaitAsync(WaitFor.Limit)).Should().Be(0);
    }

    [Test]
    public async Task Log_WhenFleetIsACluster_Is501ThatTellsWhy()
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync($"-fleet={fleet.Address}");
        await deployster.Api.DeployAsync("web", new { Version = "v1" });

        using var log = await deployster.Api.Http.GetAsync("/v1/services/web/units/1/logs");

        log.StatusCode.Should().Be(HttpStatusCode.NotImplemented);
        (await log.Content.ReadAsStringAsync()).Should().Contain("Fleet's API hands out no logs").And.Contain("fleetctl journal web:v1:");
    }

    [Test]
    public async Task Run_WhenFleetIsACluster_UsesTheEngineOfTheOwnMachine()
    {
        await using var engine = new TestEngine();
        var service = engine.NewService();
        await engine.BuildAsync(SampleImage.Good, service, "v1");
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync(
            $"-fleet={fleet.Address}", $"-docker={TestEngine.Endpoint}", $"-registry-url={TestEngine.Prefix}");

        var task = await deployster.Api.PostAsync(
            $"/v1/services/{service}/tasks?detach=true", new { Task = new { Version = "v1", Command = new[] { "sh", "-c", "exit 5" } } });

        var id = task.GetProperty("id").GetString();
        var ended = await WaitFor.ValueAsync(
            () => deployster.Api.GetAsync($"/v1/tasks/{id}"), it => it.GetProperty("status").GetString() != "running", "it ends");
        ended.GetProperty("exit_code").GetInt32().Should().Be(5);
    }

    [Test]
    public async Task Run_WhenFleetIsAClusterAndThereIsNoEngine_Is503WithTheSocketAndTheCause()
    {
        await using var fleet = await FleetServer.StartAsync(new FleetServerOptions());
        await using var deployster = await DeploysterProcess.StartAsync($"-fleet={fleet.Address}", "-docker=unix:///nowhere/docker.sock");

        var run = () => deployster.Api.PostAsync("/v1/services/web/tasks", new { Task = new { Version = "v1", Command = "true" } });

        (await run.Should().ThrowAsync<HttpRequestException>()).Which.Message
            .Should().Contain("503").And.Contain("unix:///nowhere/docker.sock").And.Contain("No such file or directory");
    }
}
