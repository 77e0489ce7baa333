using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentValidation;

namespace Deployster.Application.Tests.Deploys;

internal sealed class PreviewDeployTests
{
    [Test]
    public async Task Preview_TellsWhatWouldBeLaunchedDestroyedAndInherited()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2,"port":8080}"""));

        var preview = await deployster.SendAsync(Request("v2", Spec.Of("""{"memory":"64m"}""")));

        preview.Record.DeployId.Version.Value.Should().Be("v2");
        preview.Launch.Select(launch => launch.Unit.Instance).Should().Equal(1, 2);
        preview.Launch[0].Options.Should().Contain(option => option.Name == "Port" && option.Value == "8080");
        preview.Destroy.Should().BeEquivalentTo([first.Unit(1), first.Unit(2)]);
        preview.Inherited.Should().Contain(["instance_count", "port"]).And.NotContain("memory");
    }

    [Test]
    public async Task Preview_DoesNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var (done, saves) = (deployster.Fleet.Done.Count, deployster.History.Saves);

        var preview = await deployster.SendAsync(Request("v2"));

        deployster.Fleet.Done.Should().HaveCount(done);
        deployster.History.Saves.Should().Be(saves);
        deployster.Rollouts.Find(preview.Record.DeployId).Should().BeNull();
    }

    [Test]
    public async Task Preview_WhileARolloutIsUnderWay_ConflictsAsTheDeployWould()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        await deployster.DeployAsync("v1");

        var preview = () => deployster.SendAsync(Request("v2"));

        await preview.Should().ThrowAsync<ConflictException>();
    }

    [Test]
    public async Task Preview_OfADeployThatExists_ConflictsAsTheDeployWould()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var known = Sample.DeployId("v1");
        deployster.History.Put(Sample.Record(known, DeployStatus.Succeeded));

        var preview = () => deployster.SendAsync(Request("v1", timestamp: known.Timestamp.ToString()));

        await preview.Should().ThrowAsync<ConflictException>();
    }

    [Test]
    public async Task Preview_AgainstTheRules_NamesTheFieldsAsTheDeployDoes()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var preview = () => deployster.SendAsync(Request(null, Spec.Of("""{"port":-1}""")));

        (await preview.Should().ThrowAsync<ValidationException>()).Which.Errors.Select(error => error.PropertyName)
            .Should().BeEquivalentTo("deploy.version", "deploy.port");
    }

    private static PreviewDeploy Request(string? version, SpecChanges? spec = null, string? timestamp = null) => new(new DeployVersion
    {
        Service = "railsapp",
        Version = version,
        Timestamp = timestamp,
        DestroyPrevious = true,
        Spec = spec ?? SpecChanges.None,
    });
}
