using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using NSubstitute;

namespace Deployster.Application.Tests.Rollouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UnitActionsTests : IDisposable
{
    private static readonly UnitName s_unit = Sample.Deploy("v1").Unit(1);
    private static readonly Intention s_intention = Sample.Intention(s_unit.Deploy);

    private readonly IFleetClient _fleet = Substitute.For<IFleetClient>();
    private readonly ITraffic _traffic = Substitute.For<ITraffic>();
    private readonly UnitActions _actions;

    public UnitActionsTests() => _actions = new UnitActions(_fleet, _traffic);

    public void Dispose() => _actions.Dispose();

    [Test]
    public async Task Destroy_ReleasesTheUnitFromTrafficFirst()
    {
        var released = new TaskCompletionSource();
        _traffic.ReleaseAsync(s_unit, Arg.Any<CancellationToken>()).Returns(released.Task);

        var destroying = _actions.RunAsync(new DestroyUnit(s_unit), s_intention, default);
        await _fleet.DidNotReceiveWithAnyArgs().DestroyUnitAsync(default!, default);
        released.SetResult();
        await destroying;

        await _fleet.Received(1).DestroyUnitAsync(s_unit, default);
    }

    [Test]
    public async Task Launch_LetsTheUnitBeSentRequests()
    {
        await _actions.RunAsync(new LaunchUnit(s_unit), s_intention, default);

        await _fleet.Received(1).LaunchUnitAsync(new UnitDefinition(s_unit, s_intention), default);
        _traffic.Received(1).Restore(s_unit);
    }

    [Test]
    public async Task SetTargetState_IsHandedToTheFleet()
    {
        await _actions.RunAsync(new SetTargetState(s_unit, TargetState.Inactive), s_intention, default);

        await _fleet.Received(1).SetTargetStateAsync(s_unit, TargetState.Inactive, default);
    }

    [Test]
    public async Task Run_WhileAnotherActionIsAtWorkOnTheUnit_DoesNothing()
    {
        var launched = new TaskCompletionSource();
        _fleet.LaunchUnitAsync(default!, default).ReturnsForAnyArgs(launched.Task);
        var launching = _actions.RunAsync(new LaunchUnit(s_unit), s_intention, default);

        await _actions.RunAsync(new DestroyUnit(s_unit), s_intention, default);
        _actions.BusyUnits.Should().BeEquivalentTo([s_unit]);
        launched.SetResult();
        await launching;

        await _fleet.DidNotReceiveWithAnyArgs().DestroyUnitAsync(default!, default);
        _actions.BusyUnits.Should().BeEmpty();
    }

    [Test]
    public async Task Run_AfterAnActionThatFailed_MayBeTriedAgain()
    {
        _fleet.LaunchUnitAsync(default!, default).ReturnsForAnyArgs(
            Task.FromException(new FleetUnavailableException("unix:///run/fleet.sock", "500")), Task.CompletedTask);
        var launch = () => _actions.RunAsync(new LaunchUnit(s_unit), s_intention, default);

        await launch.Should().ThrowAsync<FleetUnavailableException>();
        await launch.Should().NotThrowAsync();
    }

    [Test]
    public async Task Run_OfManyActions_KeepsABoundedNumberInFlight()
    {
        var gate = new TaskCompletionSource();
        var (inFlight, most) = (0, 0);
        _fleet.LaunchUnitAsync(default!, default).ReturnsForAnyArgs(async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inFlight));
            await gate.Task;
            Interlocked.Decrement(ref inFlight);
        });

        var all = Enumerable.Range(1, 200)
            .Select(instance => _actions.RunAsync(new LaunchUnit(s_unit.Deploy.Unit(instance)), s_intention, default))
            .ToList();
        gate.SetResult();
        await Task.WhenAll(all);

        most.Should().BeInRange(50, 64);
        await _fleet.ReceivedWithAnyArgs(200).LaunchUnitAsync(default!, default);
    }

    [Test]
    public async Task Run_WhileRequestsToManyUnitsAreEnding_HoldsUpNoOthers()
    {
        _traffic.ReleaseAsync(default!, default).ReturnsForAnyArgs(new TaskCompletionSource().Task);
        for (var instance = 1; instance <= 200; instance++)
        {
            _ = _actions.RunAsync(new DestroyUnit(s_unit.Deploy.Unit(instance)), s_intention, default);
        }

        await _actions.RunAsync(new LaunchUnit(Sample.Deploy("v2").Unit(1)), s_intention, default).WaitAsync(TimeSpan.FromSeconds(5));
    }
}
