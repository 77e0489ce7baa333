using System.Net;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Docker;

/// <summary>What becomes of units when the engine under them is started again, on an engine of the test's own.</summary>
public sealed class EngineRestartTests
{
    private const string Image = "team/web:v1";

    private static readonly DeployId s_deployId = UnitName.Parse("web:v1:2015.03.02-00.31.45@1.service").DeployId;

    [TestCase(false, TestName = "Read_WhenTheEngineWasStoppedAndStarted_FindsEachUnitAsItIsWantedAtItsOwnPort")]
    [TestCase(true, TestName = "Read_WhenTheEngineWasKilledAndStarted_FindsEachUnitAsItIsWantedAtItsOwnPort")]
    public async Task Read_AfterARestart_FindsEachUnitAsItIsWantedAtItsOwnPort(bool isKilled)
    {
        await using var network = await PrivateNetwork.CreateAsync();
        await using var engine = await PrivateEngine.StartAsync(network, (SampleImage.Good, Image));
        await using var services = DockerScene.Connect(new DockerOptions(new Uri(engine.Endpoint)) { Publish = IPAddress.Any });
        var port = services.GetRequiredService<IFleetClient>();
        await port.ApplyAsync(new DeployTarget(s_deployId, 4, 4) { Intention = DockerScene.IntentionOf(Image) }, default);
        var all = await WaitForAsync(port, units => units.Count == 4 && units.TrueForAll(IsRunning));
        await port.ApplyAsync(new DeployTarget(s_deployId, 4, 3) { Seen = [.. all], StopFirst = [all[2].Name] }, default);
        await WaitForAsync(port, units => units[2] is { Wanted: Wanted.Stopped, Phase: Phase.Stopped });
        await port.MarkGoneAsync([all[3].Name], default);

        await (isKilled ? engine.KillAsync() : engine.StopAsync());
        await engine.StartAgainAsync();

        var after = await WaitForAsync(
            port, units => units.Count == 4 && units.Take(2).All(IsRunning) && !IsRunning(units[2]) && !IsRunning(units[3]));
        after.Select(unit => unit.Wanted).Should().Equal(Wanted.Running, Wanted.Running, Wanted.Stopped, Wanted.Gone);
        after.Take(2).Select(unit => unit.Endpoint).Should().Equal(all.Take(2).Select(unit => unit.Endpoint));
        after.Take(2).Select(unit => unit.Run).Should().NotIntersectWith(all.Select(unit => unit.Run), "the engine has started them anew");

        await port.ApplyAsync(new DeployTarget(s_deployId, 3, 3) { Seen = [.. after] }, default);
        var again = await WaitForAsync(port, units => units.Take(3).All(IsRunning));
        again[2].Endpoint.Should().Be(all[2].Endpoint);
    }

    private static bool IsRunning(Unit unit) => unit.Phase == Phase.Running;

    private static Task<List<Unit>> WaitForAsync(IFleetClient fleet, Predicate<List<Unit>> wanted) => WaitFor.ValueAsync(
        async () => (await fleet.ReadAsync(default)).OrderBy(unit => unit.Name.Instance).ToList(),
        units => wanted(units),
        "the units are as they shall be");
}
