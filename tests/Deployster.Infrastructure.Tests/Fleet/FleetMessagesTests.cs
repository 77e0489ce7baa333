using System.Text.Json;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using NSubstitute;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class FleetMessagesTests
{
    private const string Name = "web:v1:2015.03.02-00.31.45@1.service";

    private readonly IFleetApi _api = Substitute.For<IFleetApi>();

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("""{"units":null,"nextPageToken":""}""")]
    [TestCase("""{"units":[null,{},{"name":null}],"new":{"field":1}}""")]
    public async Task Read_WhenMuchIsMissing_IsEmpty(string json) => (await ReadAsync(json)).Should().BeEmpty();

    [TestCase($$"""{"units":[{"name":"{{Name}}"}]}""")]
    [TestCase($$"""{"units":[{"name":"{{Name}}","machineID":"","desiredState":"?","currentState":null,"options":[null,{}],"color":"red"}]}""")]
    public async Task Read_WhenAUnitHasLittleButItsName_IsRead(string json)
    {
        var unit = (await ReadAsync(json)).Should().ContainSingle().Subject;

        unit.Name.ToString().Should().Be(Name);
        unit.MachineId.Should().BeNull();
        unit.Wanted.Should().Be(Wanted.Stopped);
        unit.Phase.Should().Be(Phase.Stopped);
    }

    [Test]
    public async Task Read_WhenMuchOfAStateIsMissing_HasWhatIsThere()
    {
        var unit = (await ReadAsync(
            $$"""{"units":[{"name":"{{Name}}","desiredState":"launched"}]}""",
            $$"""{"states":[null,{},{"name":"{{Name}}","systemdActiveState":"active"}]}""")).Should().ContainSingle().Subject;

        unit.Phase.Should().Be(Phase.Running);
        unit.Words.Should().Be(new FleetWords("launched", "inactive", "active", null));
    }

    [TestCase("m1", Phase.Healthy)]
    [TestCase("m2", Phase.Stopping)]
    [TestCase("m3", Phase.Healthy)]
    [TestCase("", Phase.Healthy)]
    public async Task Read_WhenSeveralMachinesTellAState_CountsThatOfTheRecordsMachineOrTheBest(string machine, Phase phase)
    {
        var unit = (await ReadAsync(
            $$"""{"units":[{"name":"{{Name}}","desiredState":"launched","machineID":"{{machine}}"}]}""",
            $$"""
            {"states":[
                {"name":"{{Name}}","machineID":"m1","systemdActiveState":"active","systemdSubState":"running"},
                {"name":"{{Name}}","machineID":"m2","systemdActiveState":"deactivating","systemdSubState":"stop-sigterm"}
            ]}
            """)).Should().ContainSingle().Subject;

        unit.Phase.Should().Be(phase);
        unit.MachineId.Should().Be(machine is "" ? "m1" : machine);
    }

    [TestCase("launched", "", null, null, Phase.Waiting)]
    [TestCase("launched", "m1", null, null, Phase.Preparing)]
    [TestCase("inactive", "", null, null, Phase.Stopped)]
    [TestCase("loaded", "m1", null, null, Phase.Stopped)]
    [TestCase("launched", "m1", "inactive", "dead", Phase.Waiting)]
    [TestCase("loaded", "m1", "inactive", "dead", Phase.Stopped)]
    [TestCase("launched", "m1", "activating", "condition", Phase.Preparing)]
    [TestCase("launched", "m1", "activating", "start-pre", Phase.Preparing)]
    [TestCase("launched", "m1", "activating", "start", Phase.Starting)]
    [TestCase("launched", "m1", "activating", "start-post", Phase.Starting)]
    [TestCase("launched", "m1", "active", "running", Phase.Healthy)]
    [TestCase("launched", "m1", "active", "exited", Phase.Stopped)]
    [TestCase("launched", "m1", "reloading", "reload", Phase.Running)]
    [TestCase("launched", "m1", "activating", "auto-restart", Phase.Restarting)]
    [TestCase("launched", "m1", "activating", "auto-restart-queued", Phase.Restarting)]
    [TestCase("launched", "m1", "failed", "failed-before-auto-restart", Phase.Restarting)]
    [TestCase("launched", "m1", "deactivating", "stop", Phase.Stopping)]
    [TestCase("inactive", "m1", "deactivating", "stop-sigterm", Phase.Stopping)]
    [TestCase("loaded", "m1", "deactivating", "final-sigkill", Phase.Stopping)]
    [TestCase("launched", "m1", "failed", "failed", Phase.Failed)]
    [TestCase("launched", "m1", "maintenance", "cleaning", Phase.Waiting)]
    public async Task Read_WhenAMachineTellsSystemdsWords_MakesThemAPhase(
        string desired, string machine, string? active, string? sub, Phase phase)
    {
        var unit = (await ReadAsync(
            $$"""{"units":[{"name":"{{Name}}","desiredState":"{{desired}}","currentState":"loaded","machineID":"{{machine}}"}]}""",
            active is null
                ? "{}"
                : $$"""{"states":[{"name":"{{Name}}","machineID":"m1","systemdActiveState":"{{active}}","systemdSubState":"{{sub}}"}]}"""))
            .Should().ContainSingle().Subject;

        unit.Phase.Should().Be(phase);
        unit.Words.Should().Be(new FleetWords(desired, "loaded", active, sub));
    }

    private async Task<IReadOnlyList<Unit>> ReadAsync(string units, string states = "{}")
    {
        _api.ListUnitsAsync(null, default).Returns(new StringContent(units));
        _api.ListStatesAsync(null, default).Returns(new StringContent(states));
        var fleet = new FleetCluster(_api, new UnitFile(UnitTemplate.Convention, pullAlways: false), new Uri("unix:///fleet.sock"));
        return await fleet.ReadAsync(default);
    }
}
