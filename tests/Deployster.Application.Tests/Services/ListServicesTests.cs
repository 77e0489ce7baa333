using Deployster.Application.Deploys;
using Deployster.Application.Fleet;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Units;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Services;

internal sealed class ListServicesTests
{
    [Test]
    public async Task List_OfAnEmptyFleet_IsEmpty()
    {
        await using var deployster = await TestDeployster.StartAsync();

        (await deployster.SendAsync(new ListServices())).Should().BeEmpty();
        (await deployster.SendAsync(new ListUnits("railsapp"))).Should().BeEmpty();
    }

    [Test]
    public async Task List_CountsUnitsAndHealthyOnesByDeployNewestFirst()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        var second = await deployster.RunAsync("v2", Spec.Of("""{"instance_count":1}"""));
        deployster.Fleet.SetPhase(first.Unit(2), Phase.Restarting);

        var service = (await deployster.SendAsync(new ListServices())).Should().ContainSingle().Which;

        service.Name.Should().Be(Sample.Service);
        service.Deploys.Should().Equal(new DeploySummary(second, 1, 1), new DeploySummary(first, 2, 1));
        service.UnderWayId.Should().BeNull();
    }

    [Test]
    public async Task List_WhileARolloutIsUnderWay_TellsWhich()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => null;
        var deploy = await deployster.DeployAsync("v1");

        var service = (await deployster.SendAsync(new ListServices())).Should().ContainSingle().Which;

        service.UnderWayId.Should().Be(deploy);
        service.Deploys.Should().Equal(new DeploySummary(deploy, 1, 0));
    }

    [Test]
    public async Task List_OfUnits_IsInTheOrderOfDeploysAndNumbers()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":11}"""));

        var units = await deployster.SendAsync(new ListUnits("railsapp"));

        units.Select(unit => unit.Name).Should().Equal(Enumerable.Range(1, 11).Select(deploy.Unit));
    }

    [Test]
    public async Task List_WhenTheFleetIsAway_SaysSo()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.IsAway = true;

        var list = () => deployster.SendAsync(new ListServices());

        await list.Should().ThrowAsync<FleetUnavailableException>();
    }
}
