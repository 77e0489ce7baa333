using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using Docker.DotNet;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>Units that the engine does not start, though there may be nothing wrong with them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StartTroubleTests
{
    private static readonly DockerOptions s_publishing = new(new Uri(TestEngine.Endpoint)) { Publish = IPAddress.Loopback };

    private const string Words = "failed to update store for object type *libnetwork.endpoint: open : no such file or directory";

    [Test]
    public async Task Apply_WhenTheEngineIsInTroubleAsAUnitStarts_StartsItAgain()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var refusals = 2;
        proxy.Answer = request => IsStart(request) && Interlocked.Decrement(ref refusals) >= 0 ? (500, Message(Words)) : null;
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);

        await scene.ApplyAsync(1, 1, intention);
        var meanwhile = await scene.WaitForAsync(unit => unit.Detail is not null, "in trouble");

        (meanwhile.Phase, meanwhile.Detail).Should().Be((Phase.Preparing, Words));
        await WaitAsync(scene, intention, unit => unit.Phase == Phase.Running);
    }

    [Test]
    public async Task Apply_WhenTheEngineWasAwayBeforeItRefusesAUnit_StartsItAgain()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var (absences, refusals) = (2, 1);
        proxy.Answer = request =>
            (request.Contains("/containers/create", StringComparison.Ordinal) && Interlocked.Decrement(ref absences) >= 0)
            || (IsStart(request) && Interlocked.Decrement(ref refusals) >= 0)
                ? (500, Message(Words))
                : null;
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);

        var ended = await WaitAsync(scene, intention, unit => unit.Phase is Phase.Running or Phase.Failed);

        ended.Phase.Should().Be(Phase.Running);
    }

    [Test]
    public async Task Apply_WhenTheEngineRefusesAUnitAgainAndAgain_ShowsItFailed()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        proxy.Answer = request => IsStart(request) ? (500, Message("no space left on device")) : null;
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);

        var failed = await WaitAsync(scene, intention, unit => unit.Phase == Phase.Failed);

        failed.Detail.Should().Be("no space left on device");
        proxy.Requests.Count(IsStart).Should().Be(3);
    }

    [Test]
    public async Task Apply_WhenTheEngineCouldNotStartAUnitThatHasRun_StartsItOnceThatCanBe()
    {
        await using var scene = new DockerScene(s_publishing);
        var (intention, id, endpoint) = await RunAndStopAsync(scene);
        using (var thief = new TcpListener(endpoint))
        {
            thief.Start();
            await scene.Engine.Client.Containers.Invoking(containers => containers.StartContainerAsync(id, new()))
                .Should().ThrowAsync<DockerApiException>();
            (await scene.WaitForAsync(Phase.Failed)).Wanted.Should().Be(Wanted.Running);
            await scene.ApplyAsync(1, 1, intention);
            await scene.WaitForAsync(Phase.Preparing);
        }

        var again = await WaitAsync(scene, intention, unit => unit.Phase == Phase.Running);

        again.Endpoint.Should().Be(endpoint.ToString());
    }

    [Test]
    public async Task Apply_WhenTheEngineEndedInTheMiddleOfAStart_RestartsTheUnit()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(1, 1, intention);
        await scene.WaitForAsync(Phase.Running);

        // As an engine tells that was killed between starting the process and writing that down.
        var id = (await scene.InspectAsync()).ID;
        var told = JsonNode.Parse(await InspectAsync(id))!;
        told["State"]!["StartedAt"] = "0001-01-01T00:00:00Z";
        foreach (var (_, network) in told["NetworkSettings"]!["Networks"]!.AsObject())
        {
            network!["IPAddress"] = "";
        }

        var isRestarted = false;
        proxy.Answer = request =>
        {
            isRestarted |= request.EndsWith($"/containers/{id}/restart", StringComparison.Ordinal);
            return !isRestarted && request.EndsWith($"/containers/{id}/json", StringComparison.Ordinal) ? (200, told.ToJsonString()) : null;
        };
        await scene.RestartAsync();

        var half = await scene.WaitForAsync(Phase.Preparing);
        half.Detail.Should().Be("the engine ended in the middle of its start");
        half.Wanted.Should().Be(Wanted.Running);
        (await WaitAsync(scene, intention, unit => unit.Phase == Phase.Running)).Endpoint.Should().NotBeNull();
        isRestarted.Should().BeTrue();
        (await scene.InspectAsync()).ID.Should().Be(id, "it keeps its container, and with it its address");
    }

    [Test]
    public async Task Apply_WhenTheEngineHoldsOnToAStartBefore_MakesTheUnitAnew()
    {
        await using var proxy = new EngineProxy();
        await using var scene = new DockerScene(new DockerOptions(proxy.Uri));
        var (intention, id, _) = await RunAndStopAsync(scene);
        proxy.Answer = request => IsStart(request) && request.Contains(id, StringComparison.Ordinal)
            ? (500, Message($"task {id}: already exists"))
            : null;

        await WaitAsync(scene, intention, unit => unit.Phase == Phase.Running);

        (await scene.InspectAsync()).ID.Should().NotBe(id);
    }

    [Test]
    public async Task Apply_WhenThePortOfAUnitThatHasRunStaysTaken_MakesTheUnitAnew()
    {
        await using var scene = new DockerScene(s_publishing);
        var (intention, _, endpoint) = await RunAndStopAsync(scene);
        using var thief = new TcpListener(endpoint);
        thief.Start();

        var again = await WaitAsync(scene, intention, unit => unit.Phase == Phase.Running);

        again.Endpoint.Should().NotBe(endpoint.ToString());
    }

    /// <summary>Launches the unit and has somebody stop its container, which has run then.</summary>
    private static async Task<(Intention Intention, string Id, IPEndPoint Endpoint)> RunAndStopAsync(DockerScene scene)
    {
        var intention = await DockerScene.IntentionOfAsync(SampleImage.Good);
        await scene.ApplyAsync(1, 1, intention);
        var endpoint = IPEndPoint.Parse((await scene.WaitForAsync(Phase.Running)).Endpoint!);
        var id = (await scene.InspectAsync()).ID;
        await scene.Engine.Client.Containers.StopContainerAsync(id, new());
        await scene.WaitForAsync(Phase.Stopped);
        return (intention, id, endpoint);
    }

    private static async Task<string> InspectAsync(string id)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) => new NetworkStream(await EngineProxy.ConnectAsync(), ownsSocket: true),
        };
        using var client = new HttpClient(handler);
        return await client.GetStringAsync($"http://docker/containers/{id}/json");
    }

    private static bool IsStart(string request) => request.StartsWith("POST", StringComparison.Ordinal) && request.EndsWith("/start", StringComparison.Ordinal);

    private static string Message(string words) => $$"""{"message":"{{words}}"}""";

    // As the reconciler does, it asks again while the unit is not as it shall be.
    private static async Task<Unit> WaitAsync(DockerScene scene, Intention intention, Predicate<Unit> wanted)
    {
        var unit = await WaitFor.ValueAsync(
            async () =>
            {
                await scene.ApplyAsync(1, 1, intention);
                return await scene.FindAsync();
            },
            unit => unit is not null && wanted(unit),
            "the unit is as it shall be");
        return unit!;
    }
}
