using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using NSubstitute;

namespace Deployster.Application.Tests.Rollouts;

/// <summary>Rollouts whose strategy stops old units before they are destroyed.</summary>
internal sealed class StrategyRolloutTests
{
    private const string OldFirst = """{"instance_count":1,"strategy":{"max_surge":0,"max_unavailable":"100%"}}""";

    private static readonly DeployId s_old = Sample.DeployId("v1", 1);
    private static readonly DeployId s_new = Sample.DeployId("v2", 2);

    [Test]
    public async Task Run_WhereTheOldOneStopsFirst_MakesTheNewOneThenDrainsAndStopsTheOldOne()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        var drained = new TaskCompletionSource();
        deployster.Traffic.DrainAsync(first.Unit(1), Arg.Any<CancellationToken>()).Returns(drained.Task, Task.CompletedTask);
        deployster.Fleet.Done.Clear();

        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of(OldFirst));
        await deployster.TickAsync(3);
        deployster.Fleet.Done.Should().Equal(("make", second.Unit(1)));
        drained.SetResult();
        await deployster.EndAsync(second);

        deployster.Fleet.Done.Should().Equal(
            ("make", second.Unit(1)), ("stop", first.Unit(1)), ("start", second.Unit(1)), ("mark gone", first.Unit(1)), ("destroy", first.Unit(1)));
    }

    [Test]
    public async Task Run_WhenItIsCancelledWhileAnOldUnitDrains_GivesThatItsRequestsBackAndStopsNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Traffic.DrainAsync(first.Unit(1), Arg.Any<CancellationToken>())
            .Returns(call => Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>()));
        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of(OldFirst));
        await deployster.TickAsync(2);
        deployster.Traffic.ClearReceivedCalls();

        var destroy = deployster.SendAsync(new DestroyVersion("railsapp", "v2", null));
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Cancelled);
        await destroy;

        deployster.Traffic.Received().StopDraining(first.Unit(1));
        deployster.Fleet.Done.Should().NotContain(("stop", first.Unit(1)));
        deployster.Fleet.Names.Should().Equal(first.Unit(1));
    }

    [Test]
    public async Task Run_WhenTheNewOneFails_StopsItThenStartsTheOldOneAndLetsThatBeSentRequests()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = unit => (unit.DeployId.Version.Value == "v2" ? Phase.Restarting : Phase.Healthy, null);
        deployster.Fleet.Done.Clear();
        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of(OldFirst));
        await deployster.TickAsync(4);
        deployster.Fleet.SetPhase(second.Unit(1), Phase.Restarting, "exit code 1", restarts: 3);
        deployster.Traffic.ClearReceivedCalls();

        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.RolledBack);

        deployster.Fleet.Done.Should().Equal(
            ("make", second.Unit(1)), ("stop", first.Unit(1)), ("start", second.Unit(1)),
            ("mark gone", second.Unit(1)), ("stop", second.Unit(1)), ("start", first.Unit(1)), ("destroy", second.Unit(1)));
        deployster.Traffic.Received().StopDraining(first.Unit(1));
        deployster.Fleet[first.Unit(1)].IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Start_LongAfterTheNewUnitsWereRemoved_BringsBackWhatWasStopped()
    {
        var (fleet, history) = (new InMemoryFleet(), new FakeHistory());
        fleet.Put(s_old.Unit(1), Sample.Intention(s_old), Phase.Stopped, Wanted.Stopped);
        history.Put(Sample.Record(s_new, DeployStatus.InProgress, null, s_old));

        await using var deployster = await TestDeployster.StartAsync(fleet, history);
        var ended = await deployster.EndAsync(s_new);

        ended.Status.Should().Be(DeployStatus.RolledBack);
        fleet[s_old.Unit(1)].IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Keeper_WhileARolloutStopsUnits_DoesNotStartThem()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        deployster.Fleet.Becomes = _ => (Phase.Starting, null);
        await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of("""{"strategy":{"max_surge":0,"max_unavailable":1}}"""));

        await deployster.TickAsync(20);

        deployster.Fleet[first.Unit(2)].Wanted.Should().Be(Wanted.Stopped);
        deployster.Fleet[first.Unit(1)].IsHealthy.Should().BeTrue();
    }

    [Test]
    public async Task Deploy_AfterOneWithACanary_InheritsItsStrategyAndNoCanary()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2,"strategy":{"max_surge":1,"canary":2,"canary_seconds":5}}"""));

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        deployster.RecordOf(second).Intention.Spec.Strategy.Should().Be(new Strategy { MaxSurge = new(1) });
    }

    [Test]
    public async Task RollBack_ToADeployWithACanary_HasNoneAndGoesOneByOneWhereNothingElseIsAllowed()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":4,"strategy":{"max_surge":0,"max_unavailable":"25%","canary":1}}"""));
        await deployster.RunAsync("v2", Spec.Of("""{"instance_count":2}""", "strategy"), destroyPrevious: true);

        var back = await deployster.SendAsync(new RollBack("railsapp"));

        back.Record.Intention.Spec.Strategy.Should().Be(new Strategy { MaxSurge = new(0), MaxUnavailable = new(1) });
    }

    [TestCase("""{"max_surge":0}""", "deploy.strategy.max_unavailable", "must be at least 1 of 2 units while max_surge is 0, not 0.")]
    [TestCase("""{"max_surge":"0%","max_unavailable":"49%"}""", "deploy.strategy.max_unavailable", "must be at least 1 of 2 units while max_surge is 0%, not 49%.")]
    [TestCase("""{"canary":3}""", "deploy.strategy.canary", "must be at most instance_count, which is 2, not 3.")]
    [TestCase("""{"canary_seconds":60}""", "deploy.strategy.canary_seconds", "needs a canary, and stands alone as 60.")]
    public async Task Deploy_WithAStrategyThatCannotBe_IsRefusedWithFieldRuleAndValue(string strategy, string field, string message)
    {
        await using var deployster = await TestDeployster.StartAsync();

        var deploy = () => deployster.DeployAsync("v1", spec: Spec.Of($$"""{"instance_count":2,"strategy":{{strategy}}}"""));

        var refusal = (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which;
        refusal.Field.Should().Be(field);
        refusal.Rule.Should().Be(message);
    }
}
