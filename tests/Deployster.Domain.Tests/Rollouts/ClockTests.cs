using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class ClockTests
{
    private const double Hour = 3600;

    [Test]
    public void Plan_WhenTheClockIsSetBackWhileUnitsAreHealthy_WaitsForMinHealthySecondsAndNoLonger()
    {
        var scene = new Scene(spec: new DeploySpec { MinHealthy = TimeSpan.FromSeconds(5) }).ShowsAllNew("active/running");
        scene.Plan();
        scene.After(-Hour).Plan().Actions.Should().BeEmpty();

        scene.After(5).Plan().Actions.Should().HaveCount(2);
    }

    [Test]
    public void Plan_WhenTheClockIsSetBack_WaitsForOneDeadlineAndNoLonger()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post");
        scene.Plan();
        scene.After(-Hour).Plan();

        scene.After(300).Plan().Memory.GivingUp.Should().BeNull();
        scene.After(1).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenTheDeployWasAskedForByAClockAhead_WaitsForOneDeadlineAndNoLonger()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post").After(-Hour).Restarts();
        scene.Plan();

        scene.After(301).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenTheClockIsSetBackAfterSuccessIsDecided_WaitsForOneDeadlineAndNoLonger()
    {
        var scene = new Scene().ShowsAllNew("active/running");
        scene.Plan();
        scene.ShowsAllNew("failed/failed").Plan();
        scene.After(-Hour).Plan();

        scene.After(301).Plan().Outcome!.Status.Should().Be(DeployStatus.Failed);
    }

    [Test]
    public void Plan_WhenTheClockIsAtItsEnds_DoesNotThrow()
    {
        var scene = new Scene().ShowsAllNew("activating/start-post");
        scene.Now = DateTimeOffset.MinValue;
        scene.Plan();

        scene.Memory.WatchedSince.Should().Be(DateTimeOffset.MinValue);
    }
}
