using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using NSubstitute;

namespace Deployster.Application.Tests.Routing;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnitActionsTests
{
    private static readonly UnitName s_unit = UnitName.Parse("hello:v1:2024.01.02-03.04.05@1.service");

    private readonly IFleetClient _fleet = Substitute.For<IFleetClient>();
    private readonly ITraffic _traffic = Substitute.For<ITraffic>();

    [Test]
    public async Task Destroy_WhenItsRequestsHaveEnded_DestroysTheUnit()
    {
        using var actions = new UnitActions(_fleet, _traffic);
        var released = new TaskCompletionSource();
        _traffic.ReleaseAsync(s_unit, Arg.Any<CancellationToken>()).Returns(released.Task);
        var destroy = actions.RunAsync(new DestroyUnit(s_unit), null, CancellationToken.None);
        await _fleet.DidNotReceive().DestroyUnitAsync(s_unit, Arg.Any<CancellationToken>());

        released.SetResult();
        await destroy;

        await _fleet.Received().DestroyUnitAsync(s_unit, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Destroy_WhenTakenBackWhileItsRequestsAreWaitedFor_LeavesTheUnit()
    {
        using var actions = new UnitActions(_fleet, _traffic);
        _traffic.ReleaseAsync(s_unit, Arg.Any<CancellationToken>())
            .Returns(call => Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>()));
        var destroy = actions.RunAsync(new DestroyUnit(s_unit), null, CancellationToken.None);

        actions.TakeBack(s_unit);
        await destroy;

        await _fleet.DidNotReceive().DestroyUnitAsync(s_unit, Arg.Any<CancellationToken>());
        actions.BusyUnits.Should().BeEmpty();
    }

    [Test]
    public async Task Destroy_WhenTheFleetFails_GivesTheUnitItsRequestsBack()
    {
        using var actions = new UnitActions(_fleet, _traffic);
        _fleet.DestroyUnitAsync(s_unit, Arg.Any<CancellationToken>())
            .Returns(Task.FromException(new FleetUnavailableException("docker", "no")));

        var destroy = () => actions.RunAsync(new DestroyUnit(s_unit), null, CancellationToken.None);

        await destroy.Should().ThrowAsync<FleetUnavailableException>();
        _traffic.Received().Restore(s_unit);
    }
}
