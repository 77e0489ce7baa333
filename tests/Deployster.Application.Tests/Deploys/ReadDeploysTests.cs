using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentValidation;

namespace Deployster.Application.Tests.Deploys;

internal sealed class ReadDeploysTests
{
    [Test]
    public async Task Get_OfADeployUnderWay_TellsItsUnitsWithTheirPhases()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Running, null);
        await deployster.DeployAsync("v1", spec: Spec.Of("""{"instance_count":2}"""));

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v1", null));

        details.Record.Status.Should().Be(DeployStatus.InProgress);
        details.Units.Select(unit => (unit.Name.Instance, unit.Phase)).Should().Equal((1, Phase.Running), (2, Phase.Running));
    }

    [Test]
    public async Task Get_WithoutATimestamp_GivesTheDeployOfTheVersionThatWasAskedForLast()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var second = await deployster.RunAsync("v1");

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v1", null));

        details.Record.DeployId.Should().Be(second);
    }

    [Test]
    public async Task Get_WithATimestamp_GivesThatDeploy()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        await deployster.RunAsync("v1");

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v1", first.Timestamp.ToString()));

        details.Record.DeployId.Should().Be(first);
    }

    [Test]
    public async Task Get_OfADeployWhoseUnitsAreGone_GivesWhatTheHistoryRemembers()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.Put(Sample.Record(Sample.DeployId("v0"), DeployStatus.RolledBack));

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v0", null));

        details.Record.Status.Should().Be(DeployStatus.RolledBack);
        details.Units.Should().BeEmpty();
    }

    [TestCase(Phase.Healthy, false, DeployStatus.Succeeded)]
    [TestCase(Phase.Failed, false, DeployStatus.Failed)]
    [TestCase(Phase.Preparing, false, DeployStatus.Failed)] // It is long past its deadline.
    [TestCase(Phase.Healthy, true, DeployStatus.RolledBack)]
    public async Task Get_OfWhatTheFleetAloneKnows_TellsTheStatusFromItsUnits(
        Phase phase, bool isMarked, DeployStatus expected)
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.IsAway = true;
        var known = Sample.DeployId("v1");
        deployster.Fleet.Put(known.Unit(1), Sample.Intention(known), phase);
        if (isMarked)
        {
            await deployster.Fleet.MarkGoneAsync([known.Unit(1)], default);
        }

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v1", null));

        details.Record.Status.Should().Be(expected);
        details.Record.Intention.Image.Should().Be("mycompany/railsapp:v1");
    }

    [Test]
    public async Task Get_OfAUnitWithoutAnIntention_TellsWhatItsNameSays()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var known = Sample.DeployId("v1");
        deployster.Fleet.Put(known.Unit(1), intention: null);

        var details = await deployster.SendAsync(new GetDeploy("railsapp", "v1", null));

        details.Record.DeployId.Should().Be(known);
        details.Record.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Get_OfWhatNobodyKnows_IsNotFound()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var get = () => deployster.SendAsync(new GetDeploy("railsapp", "v1", "2015.03.02-00.31.45"));

        (await get.Should().ThrowAsync<NotFoundException>()).Which.Message.Should().Contain("railsapp:v1:2015.03.02-00.31.45");
    }

    [Test]
    public async Task List_GivesTheNewestFirstInPages()
    {
        await using var deployster = await TestDeployster.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            deployster.History.Put(Sample.Record(Sample.DeployId($"v{i}", i), DeployStatus.Succeeded));
        }

        var first = await deployster.SendAsync(new ListDeploys("railsapp", null, 3));
        var second = await deployster.SendAsync(new ListDeploys("railsapp", first.NextCursor, 3));

        first.Deploys.Concat(second.Deploys).Select(record => record.DeployId.Version.Value).Should().Equal("v4", "v3", "v2", "v1", "v0");
        second.NextCursor.Should().BeNull();
    }

    [Test]
    public async Task List_KnowsOfAnEndBeforeItIsWrittenDown()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.DeployAsync("v1");
        await deployster.EndAsync(deploy);
        deployster.History.Put(Sample.Record(deploy, DeployStatus.InProgress));

        var page = await deployster.SendAsync(new ListDeploys("railsapp", null, 10));

        page.Deploys.Should().ContainSingle().Which.Status.Should().Be(DeployStatus.Succeeded);
    }

    [TestCase(0)]
    [TestCase(201)]
    public async Task List_OfANumberAgainstTheRules_IsRefused(int limit)
    {
        await using var deployster = await TestDeployster.StartAsync();

        var list = () => deployster.SendAsync(new ListDeploys("railsapp", null, limit));

        var error = (await list.Should().ThrowAsync<ValidationException>()).Which.Errors.Should().ContainSingle().Which;
        error.PropertyName.Should().Be("limit");
        error.ErrorMessage.Should().Be($"must be from 1 to 200, not {limit}.");
    }

    [Test]
    public async Task List_FromACursorThatNoPageGave_IsRefused()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var list = () => deployster.SendAsync(new ListDeploys("railsapp", "nonsense", 10));

        (await list.Should().ThrowAsync<ValidationException>()).Which.Errors.Should().ContainSingle().Which.PropertyName.Should().Be("cursor");
    }

    [Test]
    public async Task List_WhenTheHistoryIsAway_SaysSo()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.IsAway = true;

        var list = () => deployster.SendAsync(new ListDeploys("railsapp", null, 10));

        await list.Should().ThrowAsync<HistoryUnavailableException>();
    }
}
