using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Deployster.Application.Tests.Rollouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeployActionsTests : IDisposable
{
    private static readonly DeployId s_deployId = Sample.DeployId("v1");
    private static readonly UnitName s_unit = s_deployId.Unit(1);

    private readonly FakeTimeProvider _time = new();
    private readonly IFleetClient _fleet = Substitute.For<IFleetClient>();
    private readonly ITraffic _traffic = Substitute.For<ITraffic>();
    private readonly DeployActions _actions;

    public DeployActionsTests() => _actions = new DeployActions(_fleet, _traffic, _time);

    public void Dispose() => _actions.Dispose();

    [Test]
    public async Task Keep_LetsTheUnitsThatItMakesBeSentRequests()
    {
        var target = Target(s_deployId);

        await _actions.KeepAsync(target, default);

        await _fleet.Received(1).ApplyAsync(target, default);
        _traffic.Received(1).StopDraining(s_unit);
    }

    [Test]
    public async Task Keep_WhileTheDeployIsBeingMadeSo_DoesNothing()
    {
        var applied = new TaskCompletionSource();
        _fleet.ApplyAsync(default!, default).ReturnsForAnyArgs(applied.Task);
        var keeping = _actions.KeepAsync(Target(s_deployId), default);

        await _actions.KeepAsync(Target(s_deployId), default);
        applied.SetResult();
        await keeping;

        await _fleet.ReceivedWithAnyArgs(1).ApplyAsync(default!, default);
    }

    [Test]
    public async Task Keep_WhileAnotherDeployIsBeingMadeSo_DoesNotWait()
    {
        _fleet.ApplyAsync(Arg.Is<DeployTarget>(target => target.DeployId == s_deployId), default).Returns(new TaskCompletionSource().Task);
        _ = _actions.KeepAsync(Target(s_deployId), default);

        await _actions.KeepAsync(Target(Sample.DeployId("v2")), default).WaitAsync(WaitFor.Limit);
    }

    [Test]
    public async Task Keep_AfterOneThatFailed_MayBeTriedAgain()
    {
        _fleet.ApplyAsync(default!, default).ReturnsForAnyArgs(
            Task.FromException(new FleetUnavailableException("unix:///run/fleet.sock", "500")), Task.CompletedTask);
        var keep = () => _actions.KeepAsync(Target(s_deployId), default);

        await keep.Should().ThrowAsync<FleetUnavailableException>();
        await keep.Should().NotThrowAsync();
    }

    [Test]
    public async Task IsOutdated_OfAReadingThatBeganBeforeTheUnitsWereMade_IsTrueUntilALaterReading()
    {
        var applied = new TaskCompletionSource();
        _fleet.ApplyAsync(default!, default).ReturnsForAnyArgs(applied.Task);
        FleetReading Read() => new(1, _time.GetMonotonicTime(), []);
        _actions.IsOutdated(s_deployId, Read()).Should().BeFalse("nothing was made");

        var keeping = _actions.KeepAsync(Target(s_deployId), default);
        _time.Advance(TimeSpan.FromMinutes(1));
        var meanwhile = Read();
        _actions.IsOutdated(s_deployId, meanwhile).Should().BeTrue("the units are still being made");
        applied.SetResult();
        await keeping;

        _actions.IsOutdated(s_deployId, meanwhile).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(1));
        _actions.IsOutdated(s_deployId, Read()).Should().BeFalse();
    }

    [Test]
    public async Task MarkGone_IsHandedToTheFleet()
    {
        await _actions.MarkGoneAsync([s_unit], default);

        await _fleet.Received(1).MarkGoneAsync(Arg.Is<IReadOnlyCollection<UnitName>>(units => units.Single() == s_unit), default);
    }

    [Test]
    public async Task Destroy_WhenItsRequestsHaveEnded_DestroysTheUnit()
    {
        var drained = new TaskCompletionSource();
        _traffic.DrainAsync(s_unit, Arg.Any<CancellationToken>()).Returns(drained.Task);

        var destroying = _actions.DestroyAsync(s_unit, default);
        await _fleet.DidNotReceiveWithAnyArgs().DestroyAsync(default!, default);
        _actions.IsLeaving(s_unit).Should().BeTrue();
        drained.SetResult();

        (await destroying).Should().BeTrue();
        await _fleet.Received(1).DestroyAsync(Arg.Is<IReadOnlyCollection<UnitName>>(units => units.Single() == s_unit), default);
        _actions.IsLeaving(s_unit).Should().BeFalse();
    }

    [Test]
    public async Task Destroy_WhileTheUnitIsLeavingAlready_WaitsForItsEnd()
    {
        var drained = new TaskCompletionSource();
        _traffic.DrainAsync(s_unit, Arg.Any<CancellationToken>()).Returns(drained.Task);
        _ = _actions.DestroyAsync(s_unit, default);

        var second = _actions.DestroyAsync(s_unit, default);
        second.IsCompleted.Should().BeFalse();
        drained.SetResult();

        (await second.WaitAsync(WaitFor.Limit)).Should().BeTrue();
        await _fleet.ReceivedWithAnyArgs(1).DestroyAsync(default!, default);
    }

    [Test]
    public async Task Destroy_WhenItsDrainIsStoppedWhileItsRequestsAreWaitedFor_LeavesTheUnit()
    {
        _traffic.DrainAsync(s_unit, Arg.Any<CancellationToken>())
            .Returns(call => Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>()));
        var destroying = _actions.DestroyAsync(s_unit, default);

        _actions.StopDraining(s_unit);

        (await destroying).Should().BeFalse();
        await _fleet.DidNotReceiveWithAnyArgs().DestroyAsync(default!, default);
        _actions.IsLeaving(s_unit).Should().BeFalse();
    }

    [Test]
    public async Task Destroy_WhenTheFleetFails_GivesTheUnitItsRequestsBack()
    {
        _fleet.DestroyAsync(default!, default).ReturnsForAnyArgs(Task.FromException(new FleetUnavailableException("docker", "no")));

        var destroy = () => _actions.DestroyAsync(s_unit, default);

        await destroy.Should().ThrowAsync<FleetUnavailableException>();
        _traffic.Received().StopDraining(s_unit);
        _actions.IsLeaving(s_unit).Should().BeFalse("it may be tried again");
    }

    [Test]
    public async Task Destroy_OfManyUnits_KeepsABoundedNumberInFlight()
    {
        var gate = new TaskCompletionSource();
        var (inFlight, most) = (0, 0);
        _fleet.DestroyAsync(default!, default).ReturnsForAnyArgs(async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await gate.Task;
            Interlocked.Decrement(ref inFlight);
        });

        var all = Enumerable.Range(1, 200).Select(instance => _actions.DestroyAsync(s_deployId.Unit(instance), default)).ToList();
        gate.SetResult();
        await Task.WhenAll(all);

        most.Should().BeInRange(50, 64);
        await _fleet.ReceivedWithAnyArgs(200).DestroyAsync(default!, default);
    }

    [Test]
    public async Task Destroy_WhileRequestsToManyUnitsAreEnding_HoldsUpNoOthers()
    {
        _traffic.DrainAsync(default!, default).ReturnsForAnyArgs(new TaskCompletionSource().Task);
        for (var instance = 1; instance <= 200; instance++)
        {
            _ = _actions.DestroyAsync(s_deployId.Unit(instance), default);
        }

        var other = Sample.DeployId("v2").Unit(1);
        _traffic.DrainAsync(other, Arg.Any<CancellationToken>()).Returns(Task.CompletedTask);

        await _actions.DestroyAsync(other, default).WaitAsync(WaitFor.Limit);
    }

    private static DeployTarget Target(DeployId deploy) => new(deploy, 1, 1) { Intention = Sample.Intention(deploy) };
}
