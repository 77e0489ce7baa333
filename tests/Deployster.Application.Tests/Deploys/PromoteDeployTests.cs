using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Deploys;

internal sealed class PromoteDeployTests
{
    private static readonly Requester s_jane = new("jane", null);

    [Test]
    public async Task Promote_WhenTheCanaryWaits_LetsTheRolloutGoOnAndWritesItDown()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var second = await DeployCanaryAsync(deployster);

        var promoted = await deployster.SendAsync(new PromoteDeploy("railsapp", "v2", null, s_jane));

        promoted.Record.DeployId.Should().Be(second);
        promoted.Record.Canary.Should().BeNull();
        deployster.History.EventsOf(second).Select(told => told.Happened).Should().Contain(new RolloutEvent(RolloutEventKind.Promoted, "Promoted by jane."));
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        deployster.Fleet.Names.Should().BeEquivalentTo([second.Unit(1), second.Unit(2), second.Unit(3)]);
    }

    [Test]
    public async Task Canary_WhileItWaits_ShowsSinceWhenAndLeavesTheOthersAlone()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var second = await DeployCanaryAsync(deployster);
        var since = deployster.EventsOf(second).Single(told => told.Happened.Kind == RolloutEventKind.CanaryWaiting).Time;
        await deployster.TickAsync(400);

        deployster.RecordOf(second).Canary.Should().Be(new CanaryState(true, since));
        deployster.Fleet.Names.Should().HaveCount(4);
    }

    [Test]
    public async Task Promote_WhileTheCanaryIsNotHealthy_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        deployster.Fleet.Becomes = _ => (Phase.Starting, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of("""{"strategy":{"canary":1}}"""));
        await deployster.TickAsync();

        var promote = () => deployster.SendAsync(new PromoteDeploy("railsapp", "v2", null));

        await promote.Should().ThrowAsync<ConflictException>();
        deployster.RecordOf(second).Canary.Should().Be(new CanaryState(false, null));
    }

    [Test]
    public async Task Promote_WhenNoneWaits_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");

        var promote = () => deployster.SendAsync(new PromoteDeploy("railsapp", "v1", null));

        (await promote.Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain("no canary that waits");
    }

    [Test]
    public async Task Promote_OfADeployThatIsNotThere_IsNotFound()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var promote = () => deployster.SendAsync(new PromoteDeploy("railsapp", "v1", null));

        await promote.Should().ThrowAsync<NotFoundException>();
    }

    [Test]
    public async Task Restart_AfterThePromotion_DoesNotWaitAgain()
    {
        var deployster = await TestDeployster.StartAsync();
        var second = await DeployCanaryAsync(deployster);
        deployster.Fleet.MakesNothing = true;
        await deployster.SendAsync(new PromoteDeploy("railsapp", "v2", null, s_jane));

        deployster = await deployster.RestartAsync();
        deployster.Fleet.MakesNothing = false;

        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        await deployster.DisposeAsync();
    }

    [Test]
    public async Task Restart_WhileTheCanaryWaits_KeepsSinceWhen()
    {
        var deployster = await TestDeployster.StartAsync();
        var second = await DeployCanaryAsync(deployster, """{"canary":1,"canary_seconds":60}""");
        var since = deployster.RecordOf(second).Canary;
        deployster.Clock.Advance(TimeSpan.FromSeconds(30));

        deployster = await deployster.RestartAsync();

        deployster.RecordOf(second).Canary.Should().Be(since);
        deployster.EventsOf(second).Count(happened => happened.Happened.Kind == RolloutEventKind.CanaryWaiting).Should().Be(1);
        deployster.Clock.Advance(TimeSpan.FromSeconds(30));
        (await deployster.EndAsync(second)).Status.Should().Be(DeployStatus.Succeeded);
        await deployster.DisposeAsync();
    }

    private static async Task<DeployId> DeployCanaryAsync(TestDeployster deployster, string strategy = """{"canary":1}""")
    {
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        var second = await deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of($$"""{"strategy":{{strategy}}}"""));
        await deployster.TickAsync(2);
        return second;
    }
}
