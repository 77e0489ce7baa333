using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

internal sealed class CanaryTests
{
    private static readonly Strategy s_canary = new() { Canary = 1 };

    [Test]
    public void Plan_OfACanary_LaunchesNoMoreThanThat() =>
        BatchTests.Of(s_canary, 3, 3).Plan().Actions.Should().Equal(Scene.KeepNewOf(1, 1));

    [Test]
    public void Plan_WhenTheCanaryIsHealthy_TellsItOnceAndWaits()
    {
        var scene = BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Healthy);

        var plan = scene.Plan();

        plan.Actions.Should().BeEmpty();
        plan.Events.Should().Contain(new RolloutEvent(RolloutEventKind.CanaryWaiting, "Its canary is healthy and waits to be promoted."));
        plan.Memory.CanarySince.Should().Be(Scene.Start);
        scene.After(1).Plan().Events.Should().BeEmpty();
    }

    [Test]
    public void Plan_WhileTheCanaryWaits_LetsTheDeadlineStandStill()
    {
        var scene = BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Healthy);
        scene.Plan();

        scene.After(100_000).Plan().Outcome.Should().BeNull();
        scene.After(299).Shows(Scene.New(1), Phase.Starting).Plan().Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenTheCanaryIsPromoted_GoesOn()
    {
        var scene = BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Healthy);
        scene.Plan();
        scene.Memory = scene.Memory with { IsPromoted = true };

        scene.Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));
    }

    [Test]
    public void Plan_WhenTheCanarysTimeIsOver_PromotesItAndSaysWhy()
    {
        var scene = BatchTests.Of(s_canary with { CanaryTime = TimeSpan.FromSeconds(60) }, 3, 3).Shows(Scene.New(1), Phase.Healthy);
        scene.Plan().Events[^1].Message.Should().Be("Its canary is healthy and waits for 60 s, or to be promoted.");
        scene.After(59).Plan().Actions.Should().BeEmpty();

        var plan = scene.After(1).Plan();

        plan.Actions.Should().Equal(Scene.KeepNewOf(3, 3));
        plan.Events.Should().Contain(new RolloutEvent(RolloutEventKind.Promoted, "Promoted: its canary has been healthy for 60 s."));
    }

    [Test]
    public void Plan_WhenTheCanaryWasRestartedUnseen_CountsItsTimeAnew()
    {
        var scene = BatchTests.Of(s_canary with { CanaryTime = TimeSpan.FromSeconds(60) }, 3, 3).Shows(Scene.New(1), Phase.Healthy, restarts: 0);
        scene.Plan();

        scene.After(59).Shows(Scene.New(1), Phase.Healthy, restarts: 1).Plan();

        scene.After(59).Plan().Actions.Should().BeEmpty();
        scene.After(1).Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));
    }

    [Test]
    public void Plan_WhenTheCanaryFallsIllWhileItWaits_WaitsAnew()
    {
        var scene = BatchTests.Of(s_canary with { CanaryTime = TimeSpan.FromSeconds(60) }, 3, 3).Shows(Scene.New(1), Phase.Healthy);
        scene.Plan();
        scene.After(50).Shows(Scene.New(1), Phase.Running).Plan().Memory.CanarySince.Should().BeNull();
        scene.After(1).Shows(Scene.New(1), Phase.Healthy).Plan().Events.Should().Contain(happened => happened.Kind == RolloutEventKind.CanaryWaiting);

        scene.After(59).Plan().Memory.IsPromoted.Should().BeFalse();
    }

    [Test]
    public void Plan_WhenTheCanaryFails_GivesItUp() =>
        BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Failed).Plan().Actions.Should().Equal(Scene.MarkNew(1));

    [Test]
    public void Plan_WhenAServingCanaryIsCancelled_MarksItAtOnce() =>
        BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Healthy).Cancels().Plan().Actions.Should().Equal(Scene.MarkNew(1));

    [Test]
    public void Plan_WhenTheCanaryIsTheWholeNewSet_RetiresNothingBeforeItIsPromoted() =>
        BatchTests.Of(s_canary, 1, 3).Shows(Scene.New(1), Phase.Healthy).Plan().Actions.Should().BeEmpty();

    [Test]
    public void Plan_WhenTheOldSetIsSmallerThanTheCanary_LaunchesTheWholeCanary() =>
        BatchTests.Of(s_canary with { Canary = 3 }, 5, 1).Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));

    [Test]
    public void Plan_AfterARestartWhenMoreThanTheCanaryExist_KnowsThatItWasPromoted()
    {
        var scene = BatchTests.Of(s_canary, 3, 3).Shows(Scene.New(1), Phase.Healthy).Shows(Scene.New(2), Phase.Starting).Restarts();

        scene.Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));
    }

    [Test]
    public void Plan_WhereNothingIsReplaced_IgnoresTheCanary() =>
        BatchTests.Of(s_canary, 3, 0).Plan().Actions.Should().Equal(Scene.KeepNewOf(3, 3));
}
