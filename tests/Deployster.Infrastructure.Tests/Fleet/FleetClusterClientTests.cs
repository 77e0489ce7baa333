using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class FleetClusterClientTests
{
    private static readonly UnitName s_unknown = UnitName.Parse("web:v9:2015.03.02-00.31.45@1.service");

    // As patient as for real, but for shorter.
    private static readonly FleetTiming s_timing = new()
    {
        Attempt = TimeSpan.FromMilliseconds(500),
        Request = TimeSpan.FromSeconds(2),
        FirstPause = TimeSpan.FromMilliseconds(5),
        Rest = TimeSpan.FromMilliseconds(500),
    };

    private FleetServer _server = null!;
    private ServiceProvider _services = null!;
    private IFleetClient _fleet = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _server = await FleetServer.StartAsync(new FleetServerOptions());
        _services = Connect(_server.Address);
        _fleet = _services.GetRequiredService<IFleetClient>();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Lists_WhenTheFleetIsEmpty_AreEmpty()
    {
        (await _fleet.ListUnitsAsync(default)).Should().BeEmpty();
        (await _fleet.ListUnitStatesAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task ListMachines_Always_TellsIdAndAddress() =>
        (await _fleet.ListMachinesAsync(default)).Should().Equal(new Machine("8dcea1bd8c304e1bbe2c25dce526109c", "127.0.0.1"));

    [Test]
    public async Task LaunchUnit_WhenItIsNew_MakesItWithOnePut()
    {
        var unit = Some.Unit(new DeploySpec { InstanceCount = 2, Command = ["a b", "%"] });

        await _fleet.LaunchUnitAsync(unit, default);

        _server.CountOf(RequestKind.PutUnit).Should().Be(1);
        var listed = (await _fleet.ListUnitsAsync(default)).Single();
        listed.Name.Should().Be(unit.Name);
        listed.TargetState.Should().Be(TargetState.Launched);
        listed.Intention.Should().BeEquivalentTo(unit.Intention);
    }

    [Test]
    public async Task LaunchUnit_WhenItExists_ChangesNothing()
    {
        await LaunchAndAwaitAsync(Some.Unit());

        await _fleet.LaunchUnitAsync(Some.Unit(), default);

        (await _fleet.ListUnitStatesAsync(default)).Single().IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task ListUnitStates_WhenAUnitRuns_TellsSystemdsWords()
    {
        var unit = Some.Unit();
        await LaunchAndAwaitAsync(unit);

        (await _fleet.ListUnitStatesAsync(default)).Should().Equal(
            new UnitState(unit.Name, "8dcea1bd8c304e1bbe2c25dce526109c", "loaded", "active", "running"));
    }

    [TestCase(TargetState.Inactive)]
    [TestCase(TargetState.Loaded)]
    public async Task SetTargetState_WhenTheUnitExists_KeepsItsOptions(TargetState state)
    {
        var unit = Some.Unit();
        await _fleet.LaunchUnitAsync(unit, default);

        await _fleet.SetTargetStateAsync(unit.Name, state, default);

        var listed = (await _fleet.ListUnitsAsync(default)).Single();
        listed.TargetState.Should().Be(state);
        listed.Intention.Should().BeEquivalentTo(unit.Intention);
    }

    [Test]
    public async Task SetTargetState_WhenTheUnitIsGone_DoesNothing()
    {
        await _fleet.SetTargetStateAsync(s_unknown, TargetState.Inactive, default);

        (await _fleet.ListUnitsAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task DestroyUnit_WhenItExists_RemovesIt()
    {
        await _fleet.LaunchUnitAsync(Some.Unit(), default);

        await _fleet.DestroyUnitAsync(Some.Unit().Name, default);

        (await _fleet.ListUnitsAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task DestroyUnit_WhenItIsGone_Succeeds() =>
        await FluentActions.Awaiting(() => _fleet.DestroyUnitAsync(s_unknown, default)).Should().NotThrowAsync();

    [TestCase(99)]
    [TestCase(100)]
    [TestCase(250)]
    public async Task Lists_WhenThereAreManyUnits_AreReadToTheEnd(int count)
    {
        var units = Enumerable.Range(1, count).Select(instance => Some.Unit(instance: instance)).ToList();
        await Parallel.ForEachAsync(units, async (unit, cancel) => await _fleet.LaunchUnitAsync(unit, cancel));
        await Task.Delay(100);

        (await _fleet.ListUnitsAsync(default)).Select(unit => unit.Name).Should().BeEquivalentTo(units.Select(unit => unit.Name));
        (await _fleet.ListUnitStatesAsync(default)).Should().HaveCount(count);
    }

    [Test]
    public async Task ListUnits_WhenOneIsDestroyedBetweenTwoPages_MissesNoOther()
    {
        var units = Enumerable.Range(1, 150).Select(instance => Some.Unit(instance: instance)).ToList();
        await Parallel.ForEachAsync(units, async (unit, cancel) => await _fleet.LaunchUnitAsync(unit, cancel));
        await _fleet.ListUnitsAsync(default);
        _server.Faults = new Faults { Only = RequestKind.ListUnits, Latency = TimeSpan.FromMilliseconds(150) };

        var before = _server.CountOf(RequestKind.ListUnits);
        var list = _fleet.ListUnitsAsync(default);
        await WaitUntilAsync(() => Task.FromResult(_server.CountOf(RequestKind.ListUnits) == before + 2));
        await _fleet.DestroyUnitAsync(units[0].Name, default);

        (await list).Select(unit => unit.Name).Should().Contain(units.Skip(1).Select(unit => unit.Name));
    }

    [TestCase("vulcand.service")]
    [TestCase("a:b:c.service")]
    [TestCase("x:y@z.service")]
    [TestCase("web:v1:2015.02.30-00.31.45@1.service")]
    [TestCase("web:v1:2015.03.02-00.31.45@1.timer")]
    public async Task Lists_WhenAUnitIsSomebodyElses_LeaveItOut(string name)
    {
        using var client = _server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{name}",
            new { desiredState = "launched", options = new[] { new { section = "Service", name = "ExecStart", value = "/bin/true" } } });
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        await LaunchAndAwaitAsync(Some.Unit());

        (await _fleet.ListUnitsAsync(default)).Should().ContainSingle();
        (await _fleet.ListUnitStatesAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task ListUnits_WhenAUnitOfOursCarriesNoIntention_ListsItWithoutOne()
    {
        using var client = _server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{s_unknown}", new { options = new[] { new { section = "Service", name = "ExecStart", value = "x" } } });

        (await _fleet.ListUnitsAsync(default)).Should().Equal(
            new FleetUnit(s_unknown, TargetState.Inactive, TargetState.Inactive, MachineId: null, Intention: null));
    }

    [TestCase(FaultKind.ServerError, false)]
    [TestCase(FaultKind.ServerError, true)]
    [TestCase(FaultKind.EtcdAway, false)]
    [TestCase(FaultKind.Dropped, false)]
    [TestCase(FaultKind.Dropped, true)]
    public async Task AnyRequest_WhenTheFleetHasTroubleForAMoment_IsTriedAgain(FaultKind kind, bool afterWork)
    {
        var unit = Some.Unit();
        var faults = new Faults { Next = 3, Kinds = [kind], AfterWork = afterWork };

        _server.Faults = faults;
        await _fleet.LaunchUnitAsync(unit, default);
        _server.Faults = faults;
        await _fleet.SetTargetStateAsync(unit.Name, TargetState.Inactive, default);
        _server.Faults = faults;
        (await _fleet.ListUnitsAsync(default)).Should().ContainSingle().Which.TargetState.Should().Be(TargetState.Inactive);
        _server.Faults = faults;
        await _fleet.DestroyUnitAsync(unit.Name, default);

        (await _fleet.ListUnitsAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task AnyRequest_WhenAThirdOfThemFails_SucceedsInTheEnd()
    {
        _server.Faults = new Faults { Rate = 0.33, Kinds = [FaultKind.ServerError, FaultKind.EtcdAway, FaultKind.Dropped], AfterWork = true };
        var units = Enumerable.Range(1, 50).Select(instance => Some.Unit(instance: instance)).ToList();

        // Five tries in a row fail now and then; whoever asked asks again, as a rollout does.
        await Parallel.ForEachAsync(units, async (unit, cancel) => await UntilItSucceedsAsync(() => _fleet.LaunchUnitAsync(unit, cancel)));

        _server.Faults = Faults.None;
        (await _fleet.ListUnitsAsync(default)).Should().HaveCount(50);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetStaysInTrouble_TellsWhatItAnswered()
    {
        _server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.EtcdAway] };

        (await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage($"{_server.Address} does not answer: it answered 503 Service Unavailable: fleet server unable to communicate with etcd");
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetDropsEveryConnection_SaysSo()
    {
        _server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.Dropped] };

        (await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* it closed the connection without an answer");
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHangs_GivesUpAfterItsTime()
    {
        _server.Faults = new Faults { Latency = TimeSpan.FromMinutes(1) };
        var watch = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* no answer within *");

        watch.Elapsed.Should().BeLessThan(s_timing.Request * 2);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHasFailedForLong_IsNotEvenMade()
    {
        _server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.ServerError] };
        for (var i = 0; i < 5; i++)
        {
            await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(default)).Should().ThrowAsync<FleetUnavailableException>();
        }

        var before = _server.CountOf(RequestKind.ListUnits);
        (await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* it answered 500 Internal Server Error");

        _server.CountOf(RequestKind.ListUnits).Should().Be(before);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHasRecovered_IsMadeAgain()
    {
        await AnyRequest_WhenTheFleetHasFailedForLong_IsNotEvenMade();

        _server.Faults = Faults.None;

        await WaitUntilAsync(async () =>
        {
            try
            {
                return (await _fleet.ListUnitsAsync(default)).Count == 0;
            }
            catch (FleetUnavailableException)
            {
                return false;
            }
        });
    }

    [Test]
    public async Task AnyRequest_WhenThereIsNoSocket_TellsItsPathAndWhatTheSystemSaid()
    {
        await using var services = Connect(new Uri("unix:///nowhere/fleet.sock"), new FleetTiming());
        var watch = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => services.GetRequiredService<IFleetClient>().ListUnitsAsync(default))
                .Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("unix:///nowhere/fleet.sock does not answer: No such file or directory");

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task AnyRequest_WhenNobodyListens_TellsWhatTheSystemSaid()
    {
        await using var services = Connect(new Uri("http://127.0.0.1:1"));

        (await FluentActions.Awaiting(() => services.GetRequiredService<IFleetClient>().ListUnitsAsync(default))
                .Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("http://127.0.0.1:1 does not answer: Connection refused*");
    }

    [Test]
    public async Task AnyRequest_WhenItIsCancelled_IsCancelled()
    {
        _server.Faults = new Faults { Latency = TimeSpan.FromMinutes(1) };
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await FluentActions.Awaiting(() => _fleet.ListUnitsAsync(soon.Token)).Should().ThrowAsync<OperationCanceledException>();
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
        (await _fleet.ReadLastLinesAsync(s_unknown, 10, default)).Should().BeEmpty();

    private static ServiceProvider Connect(Uri address, FleetTiming? timing = null) => new ServiceCollection()
        .AddFleetCluster(new FleetClusterOptions(address) { Timing = timing ?? s_timing })
        .BuildServiceProvider();

    private async Task LaunchAndAwaitAsync(UnitDefinition unit)
    {
        await _fleet.LaunchUnitAsync(unit, default);
        await WaitUntilAsync(async () =>
            (await _fleet.ListUnitStatesAsync(default)).Any(state => state.Name == unit.Name && state.IsHealthy));
    }

    private static async Task UntilItSucceedsAsync(Func<Task> act)
    {
        while (true)
        {
            try
            {
                await act();
                return;
            }
            catch (FleetUnavailableException)
            {
                await Task.Delay(10);
            }
        }
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10), "what is waited for must happen");
            await Task.Delay(10);
        }
    }
}
