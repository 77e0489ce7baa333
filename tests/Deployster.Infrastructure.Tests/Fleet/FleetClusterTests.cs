using System.Net;
using System.Net.Http.Json;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class FleetClusterClientTests : FleetClusterFixture
{


    private static readonly UnitName s_unknown = UnitName.Parse("web:v9:2015.03.02-00.31.45@1.service");

    [Test]
    public async Task Lists_WhenTheFleetIsEmpty_AreEmpty()
    {
        (await Fleet.ListUnitsAsync(default)).Should().BeEmpty();
        (await Fleet.ListUnitStatesAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task ListMachines_Always_TellsIdAndAddress() =>
        (await Fleet.ListMachinesAsync(default)).Should().Equal(new Machine("8dcea1bd8c304e1bbe2c25dce526109c", "127.0.0.1"));

    [Test]
    public async Task LaunchUnit_WhenItIsNew_MakesItWithOnePut()
    {
        var unit = Some.Unit(new DeploySpec { InstanceCount = 2, Command = ["a b", "%"] });

        await Fleet.LaunchUnitAsync(unit, default);

        Server.CountOf(RequestKind.PutUnit).Should().Be(1);
        var listed = (await Fleet.ListUnitsAsync(default)).Single();
        listed.Name.Should().Be(unit.Name);
        listed.TargetState.Should().Be(TargetState.Launched);
        listed.Intention.Should().BeEquivalentTo(unit.Intention);
    }

    [Test]
    public async Task LaunchUnit_WhenItExists_ChangesNothing()
    {
        await LaunchAndAwaitAsync(Some.Unit());

        await Fleet.LaunchUnitAsync(Some.Unit(), default);

        (await Fleet.ListUnitStatesAsync(default)).Single().IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task ListUnitStates_WhenAUnitRuns_TellsSystemdsWords()
    {
        var unit = Some.Unit();
        await LaunchAndAwaitAsync(unit);

        (await Fleet.ListUnitStatesAsync(default)).Should().Equal(
            new UnitState(unit.Name, "8dcea1bd8c304e1bbe2c25dce526109c", "loaded", "active", "running"));
    }

    [TestCase(TargetState.Inactive)]
    [TestCase(TargetState.Loaded)]
    public async Task SetTargetState_WhenTheUnitExists_KeepsItsOptions(TargetState state)
    {
        var unit = Some.Unit();
        await Fleet.LaunchUnitAsync(unit, default);

        await Fleet.SetTargetStateAsync(unit.Name, state, default);

        var listed = (await Fleet.ListUnitsAsync(default)).Single();
        listed.TargetState.Should().Be(state);
        listed.Intention.Should().BeEquivalentTo(unit.Intention);
    }

    [Test]
    public async Task SetTargetState_WhenTheUnitIsGone_DoesNothing()
    {
        await Fleet.SetTargetStateAsync(s_unknown, TargetState.Inactive, default);

        (await Fleet.ListUnitsAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task DestroyUnit_WhenItExists_RemovesIt()
    {
        await Fleet.LaunchUnitAsync(Some.Unit(), default);

        await Fleet.DestroyUnitAsync(Some.Unit().Name, default);

        (await Fleet.ListUnitsAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task DestroyUnit_WhenItIsGone_Succeeds() =>
        await FluentActions.Awaiting(() => Fleet.DestroyUnitAsync(s_unknown, default)).Should().NotThrowAsync();

    [TestCase(99)]
    [TestCase(100)]
    [TestCase(250)]
    public async Task Lists_WhenThereAreManyUnits_AreReadToTheEnd(int count)
    {
        var units = Enumerable.Range(1, count).Select(instance => Some.Unit(instance: instance)).ToList();
        await Parallel.ForEachAsync(units, async (unit, cancel) => await Fleet.LaunchUnitAsync(unit, cancel));

        (await Fleet.ListUnitsAsync(default)).Select(unit => unit.Name).Should().BeEquivalentTo(units.Select(unit => unit.Name));
        await WaitFor.TrueAsync(async () => (await Fleet.ListUnitStatesAsync(default)).Count == count, "every unit has a state");
    }

    [Test]
    public async Task ListUnits_WhenOneIsDestroyedBetweenTwoPages_MissesNoOther()
    {
        var units = Enumerable.Range(1, 150).Select(instance => Some.Unit(instance: instance)).ToList();
        await Parallel.ForEachAsync(units, async (unit, cancel) => await Fleet.LaunchUnitAsync(unit, cancel));
        await Fleet.ListUnitsAsync(default);
        Server.Faults = new Faults { Only = RequestKind.ListUnits, Latency = TimeSpan.FromMilliseconds(300) };

        var before = Server.CountOf(RequestKind.ListUnits);
        var list = Fleet.ListUnitsAsync(default);
        await WaitFor.TrueAsync(() => Server.CountOf(RequestKind.ListUnits) == before + 2, "the second page is asked for");
        await Fleet.DestroyUnitAsync(units[0].Name, default);

        (await list).Select(unit => unit.Name).Should().Contain(units.Skip(1).Select(unit => unit.Name));
    }

    [TestCase("vulcand.service")]
    [TestCase("a:b:c.service")]
    [TestCase("x:y@z.service")]
    [TestCase("web:v1:2015.02.30-00.31.45@1.service")]
    [TestCase("web:v1:2015.03.02-00.31.45@1.timer")]
    public async Task Lists_WhenAUnitIsSomebodyElses_LeaveItOut(string name)
    {
        using var client = Server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{name}",
            new { desiredState = "launched", options = new[] { new { section = "Service", name = "ExecStart", value = "/bin/true" } } });
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        await LaunchAndAwaitAsync(Some.Unit());

        (await Fleet.ListUnitsAsync(default)).Should().ContainSingle();
        (await Fleet.ListUnitStatesAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task ListUnits_WhenAUnitOfOursCarriesNoIntention_ListsItWithoutOne()
    {
        using var client = Server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{s_unknown}", new { options = new[] { new { section = "Service", name = "ExecStart", value = "x" } } });

        (await Fleet.ListUnitsAsync(default)).Should().Equal(
            new FleetUnit(s_unknown, TargetState.Inactive, TargetState.Inactive, MachineId: null, Intention: null));
    }

    [Test]
    public async Task AnyRequest_WhenFleetListensOnTcp_ReachesItThere()
    {
        await using var server = await FleetServer.StartAsync(new FleetServerOptions { Address = new Uri("http://127.0.0.1:0") });
        await using var services = Connect(server.Address);

        (await services.GetRequiredService<IFleetClient>().ListMachinesAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task ReadLastLines_Always_HasNone() =>
        (await Fleet.ReadLastLinesAsync(s_unknown, 10, default)).Should().BeEmpty();

    private async Task LaunchAndAwaitAsync(UnitDefinition unit)
    {
        await Fleet.LaunchUnitAsync(unit, default);
        await WaitFor.TrueAsync(
            async () => (await Fleet.ListUnitStatesAsync(default)).Any(state => state.Name == unit.Name && state.IsHealthy),
            "the unit is healthy");
    }
}
