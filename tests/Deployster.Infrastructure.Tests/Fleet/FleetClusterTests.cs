using System.Net;
using System.Net.Http.Json;
using Deployster.Application.Fleet;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Infrastructure.Fleet;
using Deployster.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class FleetClusterTests : FleetClusterFixture
{
    private const string MachineId = "8dcea1bd8c304e1bbe2c25dce526109c";

    private static readonly UnitName s_unit = Some.Unit().Name;
    private static readonly UnitName s_unknown = UnitName.Parse("web:v9:2015.03.02-00.31.45@1.service");

    [Test]
    public async Task Read_WhenTheFleetIsEmpty_IsEmpty() => (await Fleet.ReadAsync(default)).Should().BeEmpty();

    [Test]
    public async Task ListMachines_Always_TellsIdAndAddress() =>
        (await Fleet.ListMachinesAsync(default)).Should().Equal(new Machine(MachineId, "127.0.0.1"));

    [Test]
    public async Task Apply_WhenADeployIsNew_MakesEachUnitWithOnePutAndReadsNothing()
    {
        var target = Target(50, spec: new DeploySpec { InstanceCount = 50, Command = ["a b", "%"] });

        await Fleet.ApplyAsync(target, default);

        Server.CountOf(RequestKind.PutUnit).Should().Be(50);
        (Server.CountOf(RequestKind.ListUnits) + Server.CountOf(RequestKind.ListStates) + Server.CountOf(RequestKind.GetUnit)).Should().Be(0);
        (await Fleet.ReadAsync(default)).Should().HaveCount(50).And.OnlyContain(
            unit => unit.Wanted == Wanted.Running && unit.Intention == target.Intention);
    }

    [TestCase(3000)]
    [TestCase(0)]
    public async Task Apply_WhenASpecHasAllThatAUnitFileCanHold_GivesItBack(int port)
    {
        var texts = DeploySpec.Default.Env.Add("A", " \"x\" = 'y' \\ $HOME %h ü🚀").Add("EMPTY", "");
        var spec = new DeploySpec
        {
            Image = ImageName.Read("ghcr.io/org/app"),
            Env = texts,
            SecretEnv = SecretVariables.None.Add("TOKEN", new Secret(" hunter2% ")),
            Port = port,
            Hosts = port == 0 ? [] : [HostName.Parse("www.example.com")],
            PathPrefix = PathPrefix.Read("/api"),
            StripPrefix = true,
            HttpsRedirect = false,
            Affinity = Affinity.Cookie,
            Timeouts = new Timeouts { Idle = null },
            Volumes = [new Volume("/srv/my data", "/data", "ro,z"), new Volume("cache", "/cache")],
            Command = ["run", "a \"b\" $c %d", ""],
            CommandLine = "run 'a \"b\" $c %d' ''",
            ReleaseCommand = ["migrate"],
            ReleaseTimeout = TimeSpan.FromSeconds(60),
            Memory = new MemorySize(512 << 20),
            Cpus = 1.5m,
            HealthCheck = port == 0 ? null : new HealthCheck("/up?x=%20") { Host = HostName.Parse("www.example.com") },
            MinHealthy = TimeSpan.FromSeconds(3),
            StopTimeout = TimeSpan.FromSeconds(60),
            StopSignal = new StopSignal("SIGQUIT"),
            Strategy = new Strategy { Canary = 1 },
            Container = new Container
            {
                User = "1000",
                Init = true,
                Labels = texts,
                Log = new LogDestination("local") { Options = texts },
                Networks = ["back"],
                ShmSize = new MemorySize(64 << 20),
                Tmpfs = [new TmpfsMount("/run", "size=1m")],
                ReadOnly = true,
                CapAdd = ["NET_ADMIN"],
                CapDrop = ["ALL"],
                Ulimits = Container.None.Ulimits.Add("nofile", new Ulimit(1024, 4096)),
                ExtraHosts = [new ExtraHost("db", "10.0.0.7")],
            },
        };

        await Fleet.ApplyAsync(Target(1, spec: spec), default);

        (await Fleet.ReadAsync(default)).Should().ContainSingle().Which.Intention!.Spec.Should().Be(spec);
    }

    [Test]
    public async Task Apply_WhenTheUnitsAreThere_ChangesNothing()
    {
        await ApplyAsync(Target(2));
        var units = await UntilAsync(units => units.All(unit => unit.IsHealthy), "the units are healthy");

        await Fleet.ApplyAsync(Target(2), default);

        (await Fleet.ReadAsync(default)).Should().Equal(units);
    }

    [Test]
    public async Task Apply_WhenUnitsAreBeingStarted_LeavesThatToSystemd()
    {
        await ApplyAsync(Target(2));
        var puts = Server.CountOf(RequestKind.PutUnit);
        var seen = (await Fleet.ReadAsync(default)).Select(unit => unit with { Phase = Phase.Preparing });

        await Fleet.ApplyAsync(Target(2) with { Seen = [.. seen] }, default);

        Server.CountOf(RequestKind.PutUnit).Should().Be(puts);
    }

    [Test]
    public async Task Apply_WhenFleetRefusesTheUnit_TellsItsMessage()
    {
        await using var services = new ServiceCollection()
            .AddFleetCluster(new FleetClusterOptions(Server.Address)
            {
                Timing = Timing,
                UnitTemplate = UnitTemplate.Parse("[Service]\nExecStart=/bin/true\n[X-Fleet]\nGlobal=true\nMachineOf=a.service"),
            })
            .BuildServiceProvider();

        await FluentActions.Awaiting(() => services.GetRequiredService<IFleetClient>().ApplyAsync(Target(2), default))
            .Should().ThrowAsync<SpecRefusedException>().WithMessage("deploy: Global cannot be used with Peers");
    }

    [Test]
    public async Task Read_WhenAUnitRuns_TellsAllThatFleetTells()
    {
        await ApplyAsync(Target(1));

        var units = await UntilAsync(units => units.All(unit => unit.IsHealthy), "the unit is healthy");

        units.Should().Equal(new Unit(s_unit, Wanted.Running, Phase.Healthy)
        {
            MachineId = MachineId,
            Intention = Some.Unit().Intention,
            Words = new FleetWords("launched", "launched", "active", "running"),
        });
    }

    [Test]
    public async Task Read_WhileFleetMakesAUnit_SeesItStoppedAndNeverGone()
    {
        var time = new FakeTimeProvider();
        await using var server = await FleetServer.StartAsync(new FleetServerOptions
        {
            Behavior = _ => UnitBehavior.Healthy with { Making = TimeSpan.FromSeconds(1) },
            Time = time,
        });
        await using var services = Connect(server.Address, new FleetTiming { Attempt = WaitFor.Limit, Request = WaitFor.Limit });
        var fleet = services.GetRequiredService<IFleetClient>();

        var making = fleet.ApplyAsync(Target(1), default);
        var between = await WaitFor.ValueAsync(() => fleet.ReadAsync(default), units => units.Count == 1, "the unit is there");

        // The server may begin to wait after the unit shows.
        await WaitFor.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(making.IsCompleted);
            },
            "the unit is made");
        await making;

        between.Single().Wanted.Should().Be(Wanted.Stopped);
        (await fleet.ReadAsync(default)).Single().Wanted.Should().Be(Wanted.Running);
    }

    [Test]
    public async Task Apply_WhenFleetEndedBetweenTheTwoWritesOfAUnit_LaunchesIt()
    {
        using var client = Server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{s_unit}",
            new { options = Fleet.Preview(Some.Unit()).Select(option => new { option.Section, option.Name, option.Value }) });

        await ApplyAsync(Target(1));

        (await UntilAsync(units => units.All(unit => unit.IsHealthy), "the unit is healthy")).Single().Name.Should().Be(s_unit);
    }

    [Test]
    public async Task MarkGone_WhenTheUnitExists_KeepsItsOptions()
    {
        await ApplyAsync(Target(1));

        await Fleet.MarkGoneAsync([s_unit], default);

        var unit = (await Fleet.ReadAsync(default)).Single();
        unit.Wanted.Should().Be(Wanted.Gone);
        unit.Words.Desired.Should().Be("loaded");
        unit.Intention.Should().Be(Some.Unit().Intention);
    }

    [Test]
    public async Task MarkGone_WhenTheUnitIsGone_DoesNothing()
    {
        await Fleet.MarkGoneAsync([s_unknown], default);

        (await Fleet.ReadAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhenUnitsAreMarked_RemovesThemAlone()
    {
        await ApplyAsync(Target(2));
        await Fleet.MarkGoneAsync([s_unit], default);

        await Fleet.DestroyAsync([s_unit, s_unit with { Instance = 2 }, s_unknown], default);

        (await Fleet.ReadAsync(default)).Select(unit => unit.Name).Should().Equal(s_unit with { Instance = 2 });
    }

    [TestCase(99)]
    [TestCase(100)]
    [TestCase(250)]
    public async Task Read_WhenThereAreManyUnits_GoesToTheEnd(int count)
    {
        await Fleet.ApplyAsync(Target(count), default);

        var units = await UntilAsync(units => units.All(unit => unit.IsHealthy), "every unit has a state");

        units.Select(unit => unit.Name.Instance).Should().BeEquivalentTo(Enumerable.Range(1, count));
    }

    [TestCase(RequestKind.ListUnits)]
    [TestCase(RequestKind.ListStates)]
    public async Task Read_WhenAUnitIsDestroyedBetweenTwoPages_MissesNoOther(RequestKind list)
    {
        await Fleet.ApplyAsync(Target(150), default);
        await UntilAsync(units => units.All(unit => unit.IsHealthy), "every unit has a state");
        await Fleet.MarkGoneAsync([s_unit], default);
        using var client = Server.CreateClient();
        Server.Faults = new Faults { Only = list, Latency = TimeSpan.FromMilliseconds(300) };

        var before = Server.CountOf(list);
        var reading = Fleet.ReadAsync(default);
        await WaitFor.TrueAsync(() => Server.CountOf(list) == before + 2, "the second page is asked for");
        (await client.DeleteAsync($"/fleet/v1/units/{s_unit}")).Dispose();

        (await reading).Where(unit => unit.IsHealthy).Select(unit => unit.Name.Instance).Should().Contain(Enumerable.Range(2, 149));
    }

    [TestCase("vulcand.service")]
    [TestCase("a:b:c.service")]
    [TestCase("x:y@z.service")]
    [TestCase("web:v1:2015.02.30-00.31.45@1.service")]
    [TestCase("web:v1:2015.03.02-00.31.45@1.timer")]
    public async Task Read_WhenAUnitIsSomebodyElses_LeavesItOut(string name)
    {
        using var client = Server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{name}",
            new { desiredState = "launched", options = new[] { new { section = "Service", name = "ExecStart", value = "/bin/true" } } });
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        await ApplyAsync(Target(1));

        (await Fleet.ReadAsync(default)).Should().ContainSingle().Which.Name.Should().Be(s_unit);
    }

    [Test]
    public async Task Read_WhenAUnitOfOursCarriesNoIntention_HasItWithoutOne()
    {
        using var client = Server.CreateClient();
        using var response = await client.PutAsJsonAsync(
            $"/fleet/v1/units/{s_unknown}", new { options = new[] { new { section = "Service", name = "ExecStart", value = "x" } } });

        (await Fleet.ReadAsync(default)).Should().Equal(
            new Unit(s_unknown, Wanted.Stopped, Phase.Stopped) { Words = new FleetWords("inactive", "inactive", null, null) });
    }

    [Test]
    public async Task AnyRequest_WhenFleetListensOnTcp_ReachesItThere()
    {
        await using var server = await FleetServer.StartAsync(new FleetServerOptions { Address = new Uri("http://127.0.0.1:0") });
        await using var services = Connect(server.Address);

        (await services.GetRequiredService<IFleetClient>().ListMachinesAsync(default)).Should().ContainSingle();
    }

    [Test]
    public async Task OpenLog_Always_TellsWhereTheLogIs() =>
        await FluentActions.Awaiting(() => Fleet.OpenLogAsync(s_unit, null, false, default))
            .Should().ThrowAsync<LogsNotOfferedException>().WithMessage($"*fleetctl journal {s_unit}");

    [Test]
    public async Task Watch_UntilItIsCancelled_TellsNothing()
    {
        using var end = new CancellationTokenSource();
        await using var changes = Fleet.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        var next = changes.MoveNextAsync().AsTask();
        await ApplyAsync(Target(1));

        next.IsCompleted.Should().BeFalse();
        await end.CancelAsync();
        await FluentActions.Awaiting(() => next).Should().ThrowAsync<OperationCanceledException>();
    }
}
