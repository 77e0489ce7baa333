using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;

namespace Deployster.Application.Tests.Deploys;

internal sealed class SecretEnvTests
{
    private const string Secrets = """{"secret_env":{"PASSWORD":"hunter2"}}""";

    [Test]
    public async Task Deploy_WhenAVersionRuns_InheritsItsSecrets()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of(Secrets));

        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        deployster.Fleet[second.Unit(1)].Intention!.Spec.AllEnv.Should().Contain("PASSWORD", "hunter2");
    }

    [Test]
    public async Task Deploy_WhenANameIsInEnvToo_IsRefusedWithoutItsValue()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of(Secrets));

        var deploy = () => deployster.DeployAsync("v2", destroyPrevious: true, Spec.Of("""{"env":{"PASSWORD":"other"}}"""));

        var refusal = (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which;
        refusal.Field.Should().Be("deploy.secret_env.PASSWORD");
        refusal.Message.Should().NotContain("hunter2").And.NotContain("other");
    }

    [Test]
    public async Task Preview_Always_ShowsNamesOfSecretsAlone()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var preview = await deployster.SendAsync(new PreviewDeploy(new DeployVersion { Service = "railsapp", Version = "v1", Spec = Spec.Of(Secrets) }));

        string.Join('\n', preview.Launch.SelectMany(unit => unit.Options)).Should().NotContain("hunter2");
    }

    [Test]
    public async Task RollBack_WhenOnlyTheHistoryKnowsTheNames_TakesTheValuesOfWhatRunsAndOfItsBody()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var (good, running) = (Sample.DeployId("v1", 1), Sample.DeployId("v2", 2));
        Put(deployster, good, "PASSWORD", "TOKEN");
        deployster.Fleet.Put(running.Unit(1), Sample.Intention(running, Spec.Of("""{"secret_env":{"PASSWORD":"today"}}""").ApplyTo(DeploySpec.Default)));

        var rollBack = () => deployster.SendAsync(new RollBack("railsapp"));
        (await rollBack.Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain("TOKEN").And.NotContain("PASSWORD");

        var back = await deployster.SendAsync(new RollBack("railsapp") { SecretEnv = new Dictionary<string, string?> { ["TOKEN"] = "given" } });
        deployster.Fleet[back.Record.DeployId.Unit(1)].Intention!.Spec.AllEnv
            .Should().Equal(new Dictionary<string, string> { ["PASSWORD"] = "today", ["TOKEN"] = "given" });
    }

    [Test]
    public async Task Run_WhenADeployIsTakenUpWhoseSecretsAreNowhere_EndsItAndNamesTheVariable()
    {
        await using var deployster = new TestDeployster();
        var deploy = Sample.DeployId("v1");
        Put(deployster, deploy, DeployStatus.InProgress, "PASSWORD");

        await deployster.BeginAsync();
        await deployster.EndAsync(deploy);

        var record = (await deployster.SendAsync(new GetDeploy("railsapp", "v1", null))).Record;
        record.Status.Should().Be(DeployStatus.Failed);
        record.Message.Should().Contain("secret_env.PASSWORD");
        deployster.Fleet.Names.Should().BeEmpty();
    }

    // One under way was asked for just now.
    private static DateTimeOffset Requested(TestDeployster deployster, DeployStatus status, History.DeployRecord record) =>
        status == DeployStatus.InProgress ? deployster.Clock.GetUtcNow() : record.Intention.RequestedAt;

    private static void Put(TestDeployster deployster, Domain.Names.DeployId deploy, params string[] names) =>
        Put(deployster, deploy, DeployStatus.Succeeded, names);

    // As the history has it: with the names alone.
    private static void Put(TestDeployster deployster, Domain.Names.DeployId deploy, DeployStatus status, params string[] names)
    {
        var record = Sample.Record(deploy, status);
        var secrets = SecretVariables.None.AddRange(names.Select(name => KeyValuePair.Create(name, Secret.Unknown)));
        deployster.History.Put(record with { Intention = record.Intention with { RequestedAt = Requested(deployster, status, record), Spec = record.Intention.Spec with { SecretEnv = secrets } } });
    }
}
