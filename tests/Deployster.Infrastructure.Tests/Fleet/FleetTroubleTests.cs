using System.Diagnostics;
using Deployster.Application.Fleet;
using Deployster.Domain.Units;
using Deployster.FleetStandIn;
using Deployster.Infrastructure.Fleet;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Fleet;

public sealed class FleetTroubleTests : FleetClusterFixture
{
    [TestCase(FaultKind.ServerError, false)]
    [TestCase(FaultKind.ServerError, true)]
    [TestCase(FaultKind.EtcdAway, false)]
    [TestCase(FaultKind.Dropped, false)]
    [TestCase(FaultKind.Dropped, true)]
    [TestCase(FaultKind.CutOff, true)]
    [TestCase(FaultKind.CutOffInChunks, true)]
    [TestCase(FaultKind.Halved, true)]
    [TestCase(FaultKind.Garbled, false)]
    [TestCase(FaultKind.Garbled, true)]
    public async Task AnyRequest_WhenTheFleetHasTroubleForAMoment_IsTriedAgain(FaultKind kind, bool afterWork)
    {
        var unit = Some.Unit().Name;
        var faults = new Faults { Next = 3, Kinds = [kind], AfterWork = afterWork };

        Server.Faults = faults;
        await Fleet.ApplyAsync(Target(1), default);
        Server.Faults = faults;
        await Fleet.MarkGoneAsync([unit], default);
        Server.Faults = faults;
        (await Fleet.ReadAsync(default)).Should().ContainSingle().Which.Wanted.Should().Be(Wanted.Gone);
        Server.Faults = faults;
        (await Fleet.ListMachinesAsync(default)).Should().ContainSingle();
        Server.Faults = faults with { Only = RequestKind.DeleteUnit };
        await Fleet.DestroyAsync([unit], default);

        Server.Faults = Faults.None;
        (await Fleet.ReadAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task AnyRequest_WhenAThirdOfThemFails_SucceedsInTheEnd()
    {
        Server.Faults = new Faults
        {
            Rate = 0.33,
            Kinds = [FaultKind.ServerError, FaultKind.EtcdAway, FaultKind.Dropped, FaultKind.Garbled],
            AfterWork = true,
        };

        // Five tries in a row fail now and then; whoever asked asks again, as a rollout does.
        await UntilItSucceedsAsync(() => Fleet.ApplyAsync(Target(50), default));

        Server.Faults = Faults.None;
        (await Fleet.ReadAsync(default)).Should().HaveCount(50).And.OnlyContain(unit => unit.IsWanted);
    }

    [Test]
    public async Task Apply_WhenAUnitCannotBeMade_TriesTheOthersAll()
    {
        var api = Substitute.For<IFleetApi>();
        api.PutUnitAsync(Arg.Is<string>(name => name.Contains("@1.")), Arg.Any<FleetUnitChange>(), Arg.Any<CancellationToken>())
            .Returns(Task.FromException(new HttpRequestException("away")));
        var fleet = new FleetCluster(api, new Infrastructure.Fleet.UnitFile(UnitTemplate.Convention, pullAlways: false), Server.Address);

        await FluentActions.Awaiting(() => fleet.ApplyAsync(Target(100), default)).Should().ThrowAsync<FleetUnavailableException>();

        await api.ReceivedWithAnyArgs(100).PutUnitAsync("", null!, default);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetStaysInTrouble_TellsWhatItAnswered()
    {
        Server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.EtcdAway] };

        (await FluentActions.Awaiting(() => Fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage($"{Server.Address} does not answer: it answered 503 Service Unavailable: fleet server unable to communicate with etcd");
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetDropsEveryConnection_SaysSo()
    {
        Server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.Dropped] };

        (await FluentActions.Awaiting(() => Fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* it closed the connection without an answer");
    }

    [TestCase(FaultKind.Garbled)]
    [TestCase(FaultKind.Halved)]
    public async Task AnyRequest_WhenSomebodyElseAnswers_SaysSo(FaultKind kind)
    {
        Server.Faults = new Faults { Rate = 1, Kinds = [kind] };

        (await FluentActions.Awaiting(() => Fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* it answered 200 OK, but not as Fleet does");
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHangs_GivesUpAfterItsTime()
    {
        Server.Faults = new Faults { Latency = TimeSpan.FromMinutes(1) };
        var watch = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => Fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* no answer within *");

        watch.Elapsed.Should().BeLessThan(Timing.Request * 2);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHasFailedForLong_IsNotEvenMade()
    {
        await using var services = Connect(Server.Address, Timing with { Rest = TimeSpan.FromMinutes(1) });
        var fleet = services.GetRequiredService<IFleetClient>();
        await FailOftenAsync(fleet);

        var before = Server.CountOf(RequestKind.ListUnits);
        (await FluentActions.Awaiting(() => fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("* it answered 500 Internal Server Error");

        Server.CountOf(RequestKind.ListUnits).Should().Be(before);
    }

    [Test]
    public async Task AnyRequest_WhenTheFleetHasRecovered_IsMadeAgain()
    {
        await FailOftenAsync(Fleet);

        Server.Faults = Faults.None;

        await UntilItSucceedsAsync(() => Fleet.ReadAsync(default));
    }

    [Test]
    public async Task AnyRequest_WhenThereIsNoSocket_TellsItsPathAndWhatTheSystemSaid()
    {
        await using var services = Connect(new Uri("unix:///nowhere/fleet.sock"), new FleetTiming());
        var watch = Stopwatch.StartNew();

        (await FluentActions.Awaiting(() => services.GetRequiredService<IFleetClient>().ReadAsync(default))
                .Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("unix:///nowhere/fleet.sock does not answer: No such file or directory");

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task AnyRequest_WhenNobodyListens_TellsWhatTheSystemSaid()
    {
        await using var services = Connect(new Uri("http://127.0.0.1:1"));

        (await FluentActions.Awaiting(() => services.GetRequiredService<IFleetClient>().ReadAsync(default))
                .Should().ThrowAsync<FleetUnavailableException>())
            .WithMessage("http://127.0.0.1:1 does not answer: Connection refused*");
    }

    [Test]
    public async Task AnyRequest_WhenItIsCancelled_IsCancelled()
    {
        Server.Faults = new Faults { Latency = TimeSpan.FromMinutes(1) };
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await FluentActions.Awaiting(() => Fleet.ReadAsync(soon.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    private async Task FailOftenAsync(IFleetClient fleet)
    {
        Server.Faults = new Faults { Rate = 1, Kinds = [FaultKind.ServerError] };
        for (var i = 0; i < 5; i++)
        {
            await FluentActions.Awaiting(() => fleet.ReadAsync(default)).Should().ThrowAsync<FleetUnavailableException>();
        }
    }
}
