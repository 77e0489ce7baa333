using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class ClockTests
{
    private const double Hour = 3600;

    [TestCase(-Hour)]
    [TestCase(Hour)]
    public void Plan_WhenTheClockIsSetWhileUnitsAreHealthy_WaitsForMinHealthySecondsAndNoLonger(double step)
    {
        var scene = new Scene(spec: new DeploySpec { MinHealthy = TimeSpan.FromSeconds(5) }).ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.SetsTheClock(step).After(4.9).Plan().Actions.Should().BeEmpty();

        scene.After(0.1).Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));
    }

    [TestCase(-Hour)]
    [TestCase(Hour)]
    public void Plan_WhenTheClockIsSet_WaitsForOneDeadlineAndNoLonger(double step)
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting);
        scene.Plan();

        scene.SetsTheClock(step).After(300).Plan().Memory.GivingUp.Should().BeNull();
        scene.After(1).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_WhenTheDeployWasAskedForByAClockAhead_WaitsForOneDeadlineAndNoLonger()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).SetsTheClock(-Hour).Restarts();
        scene.After(300).Plan().Memory.GivingUp.Should().BeNull();

        scene.After(1).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void Plan_AfterARestart_WaitsForWhatIsLeftOfTheDeadline()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).After(200).Restarts();
        scene.After(100).Plan().Memory.GivingUp.Should().BeNull();

        scene.After(1).Plan().Memory.GivingUp.Should().NotBeNull();
    }

    [Test]
    public void TimeLeft_WhenMostOfTheDeadlineIsOver_IsFifteenSecondsBeyondMinHealthySeconds() =>
        new Scene(spec: new DeploySpec { MinHealthy = TimeSpan.FromSeconds(60) }).Deploy.TimeLeft(Scene.RequestedAt.AddSeconds(299))
            .Should().Be(TimeSpan.FromSeconds(75));

    [Test]
    public void TimeLeft_WhenTheDeadlineIsShort_IsTheDeadline() =>
        new Scene(spec: new DeploySpec { Deadline = TimeSpan.FromSeconds(5) }).Deploy.TimeLeft(Scene.RequestedAt.AddHours(1))
            .Should().Be(TimeSpan.FromSeconds(5));

    [Test]
    public void TimeLeft_OfAnyDeployAtAnyTime_IsEnoughToSeeHealthAndNeverMoreThanTheDeadline() =>
        Properties.Check(
            from intention in Generate.Intention
            from ticks in Gen.Elements(DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks, intention.RequestedAt.Ticks, intention.Deadline.Ticks)
            from offset in Gen.Choose(-100, 100)
            select (intention, Math.Clamp(ticks + (offset * TimeSpan.TicksPerSecond), 0, DateTimeOffset.MaxValue.Ticks)),
            trial =>
            {
                var (intention, ticks) = trial;
                var left = (new Scene().Deploy with { Intention = intention }).TimeLeft(new DateTimeOffset(ticks, TimeSpan.Zero));

                left.Should().BeLessThanOrEqualTo(intention.Spec.Deadline);
                (left >= intention.Spec.MinHealthy + Deploy.LeastTimeLeft || left == intention.Spec.Deadline).Should().BeTrue();
            });
}
