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
    public async Task ListUnits_WhenMuchIsMissing_IsEmpty(string json) => (await ListUnitsAsync(json)).Should().BeEmpty();

    [TestCase($$"""{"units":[{"name":"{{Name}}"}]}""")]
    [TestCase($$"""{"units":[{"name":"{{Name}}","machineID":"","desiredState":"?","currentState":null,"options":[null,{}],"color":"red"}]}""")]
    public async Task ListUnits_WhenAUnitHasLittleButItsName_IsListed(string json)
    {
        var unit = (await ListUnitsAsync(json)).Should().ContainSingle().Subject;

        unit.Name.ToString().Should().Be(Name);
        unit.MachineId.Should().BeNull();
        unit.TargetState.Should().Be(TargetState.Inactive);
    }

    [Test]
    public async Task ListUnitStates_WhenMuchIsMissing_HasWhatIsThere()
    {
        _api.ListStatesAsync(null, default).Returns(JsonSerializer.Deserialize(
            $$"""{"states":[null,{},{"name":"{{Name}}","systemdActiveState":"active"}]}""", FleetJson.Default.FleetStatePage)!);

        (await Client().ListUnitStatesAsync(default)).Should().ContainSingle().Which.Words.Should().Be("active/");
    }

    private async Task<IReadOnlyList<FleetUnit>> ListUnitsAsync(string json)
    {
        _api.ListUnitsAsync(null, default).Returns(JsonSerializer.Deserialize(json, FleetJson.Default.FleetUnitPage)!);
        return await Client().ListUnitsAsync(default);
    }

    private FleetClusterClient Client() =>
        new(_api, new UnitFile(UnitTemplate.Convention, pullAlways: false), new Uri("unix:///fleet.sock"));
}
