using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>Two Deploysters have decided differently: one has marked the old set, the other the new one. Success wins.</summary>
internal sealed class TwoMarksTests
{
    [Test]
    public void Plan_WhenBothAreMarked_MakesTheNewSetWholeUnderNewNumbers()
    {
        var plan = BothMarked().Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Events.TakeLast(2).Should().Equal(RolloutEvent.Launching(Scene.New(3)), RolloutEvent.Launching(Scene.New(4)));
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenBothAreMarkedAndTheNewSetIsWholeAgain_DestroysTheOld() =>
        BothMarked().Shows(Scene.New(3), Phase.Healthy).Shows(Scene.New(4), Phase.Healthy).Plan()
            .Actions.Should().Equal(Scene.DestroyOld(1, 2));

    [Test]
    public void Plan_WhenOneOfEachIsMarked_MakesTheNewSetWhole() =>
        new Scene().ShowsAllNew(Phase.Healthy).Marks(Scene.New(1), Scene.Old(1)).Restarts().Plan()
            .Actions.Should().Equal(Scene.KeepNew);

    [Test]
    public void Plan_WhenGivenUpAndAnotherHasMarkedTheOld_TakesItBack()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).Cancels();
        scene.Plan().Actions.Should().Equal(Scene.MarkNew(1, 2));

        var plan = scene.Marks(Scene.New(1), Scene.New(2), Scene.Old(1)).After(1).Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenGivenUpAndAnotherHasDestroyedTheOld_TakesItBack()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).Cancels();
        scene.Plan().Actions.Should().Equal(Scene.MarkNew(1, 2));

        var plan = scene.Marks(Scene.New(1), Scene.New(2)).Lacks(Scene.Old(1), Scene.Old(2)).After(1).Plan();

        plan.Actions.Should().NotContain(action => action is DestroyUnits);
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_AfterARestartWhenTheNewAreMarkedInPartAndTheOldAreGone_KeepsTheNew()
    {
        var plan = new Scene().ShowsAllNew(Phase.Healthy).Lacks(Scene.Old(1), Scene.Old(2)).Marks(Scene.New(1)).Restarts().Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Memory.GivingUp.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAllIsDestroyedAndAnotherMarksAllOfTheOldThen_LaunchesTheNewAgain()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).Cancels();
        scene.Plan();

        var plan = scene.Lacks(Scene.New(1), Scene.New(2)).Marks(Scene.Old(1), Scene.Old(2)).After(1).Plan();

        plan.Actions.Should().Equal(Scene.KeepNew);
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenAllIsDestroyedAndAnotherMarksAPartOfTheOldThen_MakesTheOldSetWhole()
    {
        var scene = new Scene().ShowsAllNew(Phase.Starting).Cancels();
        scene.Plan();

        var plan = scene.Lacks(Scene.New(1), Scene.New(2)).Marks(Scene.Old(1)).After(1).Plan();

        plan.Actions.Should().Equal(Scene.KeepOld);
        plan.Outcome.Should().BeNull();
    }

    [Test]
    public void Plan_WhenItsMarkHasNotCarriedThroughAndAnotherHasMarkedTheNew_GivesUpToo()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy);
        scene.Plan().Actions.Should().Equal(Scene.MarkOld(1, 2));

        scene.Marks(Scene.New(1)).After(1).Plan().Actions.Should().Equal(Scene.MarkNew(2));
        scene.Lacks(Scene.New(1), Scene.New(2)).After(1).Plan().Outcome!.Status.Should().Be(DeployStatus.RolledBack);
    }

    [Test]
    public void Plan_WhenItsMarkTurnsUpAfterAnotherHasMarkedTheNew_MakesTheNewSetWhole()
    {
        var scene = new Scene().ShowsAllNew(Phase.Healthy);
        scene.Plan();
        scene.Marks(Scene.New(1)).After(1).Plan();

        scene.Marks(Scene.Old(1), Scene.Old(2)).After(1).Plan().Actions.Should().Equal(Scene.KeepNew);
    }

    private static Scene BothMarked() => new Scene().ShowsAllNew(Phase.Healthy)
        .Marks(Scene.Old(1), Scene.Old(2), Scene.New(1), Scene.New(2))
        .Restarts();
}
