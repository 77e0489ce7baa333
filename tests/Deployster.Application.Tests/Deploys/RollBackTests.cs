using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Deploys;

internal sealed class RollBackTests
{
    [Test]
    public async Task RollBack_DeploysTheVersionThatSucceededBefore()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        await deployster.EndAsync(second);
        deployster.Clock.Advance(TimeSpan.FromMinutes(1));

        var back = (await deployster.SendAsync(new RollBack("railsapp", new Requester("ada", null)))).Record;
        await deployster.EndAsync(back.DeployId);

        back.DeployId.Version.Value.Should().Be("v1");
        back.Intention.DestroyPrevious.Should().BeTrue();
        back.Requester!.User.Should().Be("ada");
        deployster.Fleet.Names.Should().BeEquivalentTo([back.DeployId.Unit(1)]);
    }

    [Test]
    public async Task RollBack_TakesTheSpecOfThenAndTheStrengthOfToday()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"port":8080,"instance_count":1}"""));
        var second = await deployster.DeployAsync(
            "v2", destroyPrevious: true, Spec.Of("""{"port":9090,"instance_count":3}"""));
        await deployster.EndAsync(second);
        deployster.Clock.Advance(TimeSpan.FromMinutes(1));

        var back = await deployster.SendAsync(new RollBack("railsapp"));

        back.Record.Intention.Spec.Should().Be(DeploySpec.Default with { Port = 8080, InstanceCount = 3 });
    }

    [Test]
    public async Task RollBack_PassesOverVersionsThatDidNotSucceed()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var (good, bad, running) = (Sample.DeployId("v1", 1), Sample.DeployId("v2", 2), Sample.DeployId("v3", 3));
        deployster.History.Put(Sample.Record(good, DeployStatus.Succeeded));
        deployster.History.Put(Sample.Record(bad, DeployStatus.RolledBack, null, good));
        deployster.Fleet.Put(running.Unit(1), Sample.Intention(running));

        var back = await deployster.SendAsync(new RollBack("railsapp"));

        back.Record.DeployId.Version.Value.Should().Be("v1");
    }

    [Test]
    public async Task RollBack_OfAVersionThatWasDeployedTwice_GoesToTheDeployBeforeWhateverItsVersion()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var running = Sample.DeployId("v2", 9);
        deployster.History.Put(Sample.Record(Sample.DeployId("v1", 1), DeployStatus.Succeeded));
        deployster.History.Put(Sample.Record(Sample.DeployId("v2", 2), DeployStatus.Succeeded, DeploySpec.Default with { Port = 8080 }));
        deployster.Fleet.Put(running.Unit(1), Sample.Intention(running));

        var back = await deployster.SendAsync(new RollBack("railsapp"));

        back.Record.DeployId.Version.Value.Should().Be("v2");
        back.Record.Intention.Spec.Port.Should().Be(8080, "the deploy before had another spec");
    }

    [Test]
    public async Task RollBack_WhenTheOneItWantsIsOnALaterPage_FindsIt()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var running = new Domain.Names.DeployId(
            Sample.Service, Domain.Names.VersionTag.Parse("now"), Domain.Names.DeployTimestamp.Parse("2015.03.02-00.00.00"));
        deployster.History.Put(Sample.Record(Sample.DeployId("good"), DeployStatus.Succeeded));
        for (var i = 0; i < 150; i++)
        {
            var bad = new Domain.Names.DeployId(
                Sample.Service, Domain.Names.VersionTag.Parse($"bad{i}"), Domain.Names.DeployTimestamp.Parse($"2015.03.01-{1 + (i / 60):00}.{i % 60:00}.00"));
            deployster.History.Put(Sample.Record(bad, DeployStatus.RolledBack));
        }

        deployster.Fleet.Put(running.Unit(1), Sample.Intention(running));

        var back = await deployster.SendAsync(new RollBack("railsapp"));

        back.Record.DeployId.Version.Value.Should().Be("good");
    }

    [Test]
    public async Task RollBack_WhenNothingSucceededBefore_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");

        var rollBack = () => deployster.SendAsync(new RollBack("railsapp"));

        (await rollBack.Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain("v1");
    }

    [Test]
    public async Task RollBack_WhenNothingRuns_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var rollBack = () => deployster.SendAsync(new RollBack("railsapp"));

        await rollBack.Should().ThrowAsync<ConflictException>();
    }

    [Test]
    public async Task RollBack_WhileARolloutIsUnderWay_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        var rollBack = () => deployster.SendAsync(new RollBack("railsapp"));

        (await rollBack.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(second);
    }

    [Test]
    public async Task RollBack_WhenTheHistoryIsAway_SaysSo()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.History.IsAway = true;

        var rollBack = () => deployster.SendAsync(new RollBack("railsapp"));

        await rollBack.Should().ThrowAsync<HistoryUnavailableException>();
    }
}
