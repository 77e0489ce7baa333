using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Testing;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Contract;

/// <summary>What every fleet keeps to. A fixture for one kind of fleet derives from it, and makes a <see cref="FleetUnderTest"/>.</summary>
public abstract class FleetContract
{
    /// <summary>A fleet with nothing of the test's in it.</summary>
    protected abstract Task<FleetUnderTest> StartAsync();

    [Test]
    public async Task Apply_WhenADeployIsNew_MakesItsUnitsWithTheirIntention()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();

        await ApplyAsync(fleet, 2, 2, intention);

        var units = await WaitForRunningAsync(fleet, 2);
        units.Select(unit => unit.Name).Should().Equal(new UnitName(fleet.DeployId, 1), new UnitName(fleet.DeployId, 2));
        units.Should().OnlyContain(unit => unit.Wanted == Wanted.Running);
        units.Select(unit => unit.Intention! with { ImageId = null }).Should().Equal(Enumerable.Repeat(intention with { ImageId = null }, 2));
        var machines = await fleet.Port.ListMachinesAsync(default);
        units.Should().OnlyContain(unit => machines.Any(machine => machine.Id == unit.MachineId));
        if (fleet.Port.Traits.TellsEndpoints)
        {
            units.Select(unit => unit.Endpoint).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        }
    }

    [Test]
    public async Task Apply_WhenCalledAgainWithWhatWasSeenBefore_MakesNothingTwice()
    {
        await using var fleet = await StartAsync();
        var target = await TargetAsync(fleet, 2, 2, await fleet.GoodAsync());

        await fleet.Port.ApplyAsync(target, default);
        await fleet.Port.ApplyAsync(target, default);
        await WaitForRunningAsync(fleet, 2);
        await fleet.Port.ApplyAsync(target, default);

        (await WaitForRunningAsync(fleet, 2)).Should().HaveCount(2);
        (await fleet.CountAsync()).Should().Be(2);
    }

    [Test]
    public async Task Apply_WhenTwoDeploystersDoItAtOnce_MakesNothingTwice()
    {
        await using var fleet = await StartAsync();
        var target = await TargetAsync(fleet, 2, 2, await fleet.GoodAsync());

        await Task.WhenAll(fleet.Port.ApplyAsync(target, default), fleet.Other.ApplyAsync(target, default));

        await WaitForRunningAsync(fleet, 2);
        await WaitForRunningAsync(fleet, 2, fleet.Other);
        (await fleet.CountAsync()).Should().Be(2);
    }

    [Test]
    public async Task Apply_WhenFewerShallRun_StopsThoseAndStartsThemAgain()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();
        await ApplyAsync(fleet, 3, 3, intention);
        var units = await WaitForRunningAsync(fleet, 3);

        await ApplyAsync(fleet, 3, 1, intention, stopFirst: units[0].Name);
        var fewer = await WaitForAsync(
            fleet.Port, fleet.DeployId, now => now.Count == 3 && now.Count(IsRunning) == 1 && now.Count(unit => !IsRunning(unit) && unit.Wanted == Wanted.Stopped) == 2);
        await ApplyAsync(fleet, 3, 3, intention);

        fewer.Single(unit => unit.Name == units[0].Name).Wanted.Should().Be(Wanted.Stopped, "that was wished");
        var all = await WaitForRunningAsync(fleet, 3);
        all.Select(unit => unit.Name).Should().Equal(units.Select(unit => unit.Name));
        (await fleet.CountAsync()).Should().Be(3);
    }

    [Test]
    public async Task Apply_WhenAUnitHasVanished_MakesItAnew()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();
        await ApplyAsync(fleet, 2, 2, intention);
        await WaitForRunningAsync(fleet, 2);
        await fleet.VanishAsync(new UnitName(fleet.DeployId, 1));
        await WaitForAsync(fleet.Port, fleet.DeployId, now => now.Count == 1);

        await ApplyAsync(fleet, 2, 2, intention);

        (await WaitForRunningAsync(fleet, 2)).Select(unit => unit.Name.Instance).Should().Equal(1, 2);
    }

    [Test]
    public async Task Apply_WhenAUnitIsMarkedToGo_LeavesItAndMakesAnother()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();
        var marked = new UnitName(fleet.DeployId, 1);
        await ApplyAsync(fleet, 1, 1, intention);
        await WaitForRunningAsync(fleet, 1);
        await fleet.Port.MarkGoneAsync([marked], default);

        await ApplyAsync(fleet, 1, 1, intention);

        var units = await WaitForAsync(fleet.Port, fleet.DeployId, now => now.Count(unit => IsRunning(unit) && unit.IsWanted) == 1);
        units.Should().HaveCount(2);
        units.Single(unit => unit.Name == marked).Wanted.Should().Be(Wanted.Gone);
    }

    [Test]
    public async Task Apply_WhenAUnitCannotRun_ShowsItFailed()
    {
        await using var fleet = await StartAsync();

        await ApplyAsync(fleet, 1, 1, await fleet.FailingAsync());

        var failed = await WaitForAsync(fleet.Port, fleet.DeployId, now => now is [{ Phase: Phase.Failed }]);
        failed.Single().IsWanted.Should().BeTrue();
    }

    [Test]
    public async Task Apply_WhenTheFleetRefusesASpec_SaysSoAndWhy()
    {
        await using var fleet = await StartAsync();
        if (await fleet.RefusedAsync() is not { } intention)
        {
            return;
        }

        try
        {
            await ApplyAsync(fleet, 1, 1, intention);
        }
        catch (SpecRefusedException e)
        {
            e.Rule.Should().NotBeEmpty();
            return;
        }

        var refused = await WaitForAsync(fleet.Port, fleet.DeployId, now => now is [{ Phase: Phase.Failed }]);
        refused.Single().Detail.Should().NotBeNullOrEmpty();
    }

    [Test]
    public async Task Apply_WhenUnitsAreMadeThatDoNotRunYet_StartsThemLater()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();
        await ApplyAsync(fleet, 2, 0, intention);
        var made = await WaitForAsync(fleet.Other, fleet.DeployId, now => now.Count == 2 && now.All(unit => unit.Phase == Phase.Stopped));

        await ApplyAsync(fleet, 2, 2, intention);

        made.Should().OnlyContain(unit => unit.Wanted == Wanted.Stopped);
        (await WaitForRunningAsync(fleet, 2)).Select(unit => unit.Name).Should().Equal(made.Select(unit => unit.Name));
        (await fleet.CountAsync()).Should().Be(2);
    }

    [Test]
    public async Task MarkGone_WhenUnitsRun_DestroysNothingAndIsReadBackByAll()
    {
        await using var fleet = await StartAsync();
        await ApplyAsync(fleet, 2, 2, await fleet.GoodAsync());
        await WaitForRunningAsync(fleet, 2);
        var unit = new UnitName(fleet.DeployId, 2);

        await fleet.Port.MarkGoneAsync([unit], default);
        await fleet.Port.MarkGoneAsync([unit, new UnitName(fleet.DeployId, 7)], default);

        (await ReadAsync(fleet.Port, fleet.DeployId)).Select(read => read.Wanted).Should().Equal(Wanted.Running, Wanted.Gone);
        await WaitForAsync(fleet.Other, fleet.DeployId, now => now is [{ Wanted: Wanted.Running }, { Wanted: Wanted.Gone }]);
    }

    [Test]
    public async Task Stop_WhenOneUnitIsMarked_StopsItKeepsItsMarkAndLeavesTheOtherAlone()
    {
        await using var fleet = await StartAsync();
        await ApplyAsync(fleet, 2, 2, await fleet.GoodAsync());
        var units = await WaitForRunningAsync(fleet, 2);
        await fleet.Port.MarkGoneAsync([units[0].Name], default);

        await fleet.Port.StopAsync([.. units.Select(unit => unit.Name)], default);

        var now = await WaitForAsync(fleet.Other, fleet.DeployId, now => !IsRunning(now[0]) && now[0].Phase != Phase.Stopping);
        now.Select(unit => unit.Wanted).Should().Equal(Wanted.Gone, Wanted.Running);
        IsRunning(now[1]).Should().BeTrue();
    }

    [Test]
    public async Task Destroy_WhenOneUnitIsMarked_LeavesTheOtherAlone()
    {
        await using var fleet = await StartAsync();
        await ApplyAsync(fleet, 2, 2, await fleet.GoodAsync());
        var units = await WaitForRunningAsync(fleet, 2);
        await fleet.Port.MarkGoneAsync([units[0].Name], default);

        await fleet.Port.DestroyAsync([.. units.Select(unit => unit.Name)], default);

        (await WaitForAsync(fleet.Port, fleet.DeployId, now => now.Count == 1)).Single().Name.Should().Be(units[1].Name);
        (await WaitForRunningAsync(fleet, 1)).Single().IsWanted.Should().BeTrue();
        (await fleet.CountAsync()).Should().Be(1);
    }

    [Test]
    public async Task Destroy_WhenUnitsAreGone_Succeeds()
    {
        await using var fleet = await StartAsync();
        await ApplyAsync(fleet, 1, 1, await fleet.GoodAsync());
        var units = (await WaitForRunningAsync(fleet, 1)).Select(unit => unit.Name).ToList();
        await fleet.Port.MarkGoneAsync(units, default);

        await Task.WhenAll(fleet.Port.DestroyAsync(units, default), fleet.Other.DestroyAsync(units, default));
        await fleet.Port.DestroyAsync(units, default);

        (await fleet.CountAsync()).Should().Be(0);
        await WaitForAsync(fleet.Port, fleet.DeployId, now => now.Count == 0);
    }

    [Test]
    public async Task Read_WhenDoneTwice_ChangesNothing()
    {
        await using var fleet = await StartAsync();
        var intention = await fleet.GoodAsync();
        await ApplyAsync(fleet, 2, 2, intention);
        await WaitForRunningAsync(fleet, 2);
        await ApplyAsync(fleet, 2, 1, intention);
        var settled = await WaitForAsync(
            fleet.Port, fleet.DeployId, now => now.Count(IsRunning) == 1 && now.Count(unit => unit is { Wanted: Wanted.Stopped, Phase: Phase.Stopped }) == 1);

        var first = await ReadAsync(fleet.Port, fleet.DeployId);
        var second = await ReadAsync(fleet.Port, fleet.DeployId);

        first.Select(Essence).Should().Equal(settled.Select(Essence));
        second.Select(Essence).Should().Equal(settled.Select(Essence));
    }

    [Test]
    public async Task Read_WhenAUnitIsHalfMade_LeavesItToApply()
    {
        await using var fleet = await StartAsync();
        if (await fleet.LeaveHalfMadeAsync() is not { } unit)
        {
            return;
        }

        var first = await ReadAsync(fleet.Port, fleet.DeployId);
        var second = await ReadAsync(fleet.Port, fleet.DeployId);
        await ApplyAsync(fleet, 1, 1, await fleet.GoodAsync());

        first.Should().ContainSingle().Which.Should().Match<Unit>(half => half.Name == unit && half.IsWanted && half.Phase == Phase.Preparing);
        second.Should().BeEquivalentTo(first, options => options.ComparingByMembers<Unit>());
        (await WaitForRunningAsync(fleet, 1)).Single().Name.Should().Be(unit);
    }

    [Test]
    public async Task Read_WhenTheFleetRunsSomebodyElsesThings_DoesNotSeeThem()
    {
        await using var fleet = await StartAsync();

        await fleet.AddForeignAsync();

        (await fleet.Port.ReadAsync(default)).Should().NotContain(unit => unit.Name.DeployId.Service == fleet.DeployId.Service);
    }

    [Test]
    public async Task Preview_WhenAUnitIsMadeThereafter_HasTakenItsOptions()
    {
        await using var fleet = await StartAsync();
        var definition = new UnitDefinition(new UnitName(fleet.DeployId, 1), await fleet.GoodAsync());

        var preview = fleet.Port.Preview(definition);
        await ApplyAsync(fleet, 1, 1, definition.Intention);
        await WaitForRunningAsync(fleet, 1);

        (await fleet.ReadOptionsAsync(definition.Name)).Should().BeEquivalentTo(preview);
    }

    [Test]
    public async Task OpenLog_WhenAUnitRuns_GivesItOrSaysThatThereIsNone()
    {
        await using var fleet = await StartAsync();
        await ApplyAsync(fleet, 1, 1, await fleet.GoodAsync());
        var unit = (await WaitForRunningAsync(fleet, 1)).Single().Name;

        var open = async () =>
        {
            using var log = await fleet.Port.OpenLogAsync(unit, null, follow: true, default);
            return (await log.ReadAsync(new byte[1024], default).AsTask().WaitAsync(WaitFor.Limit))!.Value.Count;
        };

        if (fleet.Port.Traits.KeepsLogs)
        {
            (await open()).Should().BePositive();
            await fleet.Port.Invoking(port => port.OpenLogAsync(new UnitName(fleet.DeployId, 9), null, follow: false, default))
                .Should().ThrowAsync<NotFoundException>();
        }
        else
        {
            await open.Should().ThrowAsync<LogsNotOfferedException>();
        }
    }

    [Test]
    public async Task Watch_WhenAUnitIsMade_TellsOfItWhereTheFleetDoes()
    {
        await using var fleet = await StartAsync();
        if (!fleet.Port.Traits.TellsChanges)
        {
            return;
        }

        using var end = new CancellationTokenSource();
        await using var changes = fleet.Port.WatchAsync(end.Token)
            .Where(unit => unit.DeployId == fleet.DeployId).GetAsyncEnumerator(end.Token);
        var next = changes.MoveNextAsync().AsTask();

        await ApplyAsync(fleet, 1, 1, await fleet.GoodAsync());

        (await next.WaitAsync(WaitFor.Limit)).Should().BeTrue();
        changes.Current.Should().Be(new UnitName(fleet.DeployId, 1));
    }

    [Test]
    public async Task EveryCall_WhenTheFleetIsAway_SaysThatItMayPass()
    {
        await using var fleet = await StartAsync();
        var port = fleet.Unreachable;
        var target = new DeployTarget(fleet.DeployId, 1, 1) { Intention = await fleet.GoodAsync() };
        var unit = new UnitName(fleet.DeployId, 1);
        Func<Task>[] calls =
        [
            () => port.ReadAsync(default),
            () => port.ListMachinesAsync(default),
            () => port.ApplyAsync(target, default),
            () => port.MarkGoneAsync([unit], default),
            () => port.DestroyAsync([unit], default),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<FleetUnavailableException>();
        }
    }

    private static bool IsRunning(Unit unit) => unit.Phase is Phase.Running or Phase.Healthy;

    private static (UnitName Name, Wanted Wanted, Phase Phase, string? Run, string? Endpoint, int? Restarts) Essence(Unit unit) =>
        (unit.Name, unit.Wanted, unit.Phase, unit.Run, unit.Endpoint, unit.Restarts);

    private static async Task<IReadOnlyList<Unit>> ReadAsync(IFleetClient port, DeployId deploy) =>
        [.. (await port.ReadAsync(default)).Where(unit => unit.Name.DeployId == deploy).OrderBy(unit => unit.Name.Instance)];

    private static async Task<DeployTarget> TargetAsync(FleetUnderTest fleet, int units, int running, Intention intention) =>
        new(fleet.DeployId, units, running) { Intention = intention, Seen = [.. await ReadAsync(fleet.Port, fleet.DeployId)] };

    private static async Task ApplyAsync(
        FleetUnderTest fleet, int units, int running, Intention intention, UnitName? stopFirst = null)
    {
        var target = await TargetAsync(fleet, units, running, intention);
        await fleet.Port.ApplyAsync(target with { StopFirst = stopFirst is null ? [] : [stopFirst] }, default);
    }

    private static Task<IReadOnlyList<Unit>> WaitForRunningAsync(FleetUnderTest fleet, int count, IFleetClient? port = null) =>
        WaitForAsync(port ?? fleet.Port, fleet.DeployId, units => units.Count == count && units.All(unit => IsRunning(unit) && unit.IsWanted));

    private static Task<IReadOnlyList<Unit>> WaitForAsync(
        IFleetClient port, DeployId deploy, Func<IReadOnlyList<Unit>, bool> condition) =>
        WaitFor.ValueAsync(() => ReadAsync(port, deploy), condition, $"the units of {deploy}");
}
