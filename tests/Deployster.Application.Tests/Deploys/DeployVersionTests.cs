using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Deploys;

internal sealed class DeployVersionTests
{
    [Test]
    public async Task Deploy_OfTheFirstVersion_LaunchesOneUnitByDefault()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var details = await deployster.SendAsync(Request("v1"));

        details.Record.DeployId.ToString().Should().Be("railsapp:v1:2015.03.02-00.31.45");
        details.Record.Status.Should().Be(DeployStatus.InProgress);
        details.Record.Requester.Should().Be(new Requester("ada", "10.0.0.7"));
        details.Units.Should().ContainSingle().Which.Name.Instance.Should().Be(1);
        var intention = deployster.Fleet[details.Record.DeployId.Unit(1)].Intention!;
        intention.Image.Should().Be("mycompany/railsapp:v1");
        intention.Spec.Should().Be(DeploySpec.Default);
    }

    [Test]
    public async Task Deploy_WhenItAnswers_HasWrittenDownAllThatItTold()
    {
        var history = new FakeHistory();
        await using var deployster = await TestDeployster.StartAsync(history: history);

        var deploy = await deployster.DeployAsync("v1");

        history.EventsOf(deploy).Select(told => told.Happened.Kind).Should()
            .Equal(RolloutEventKind.Requested, RolloutEventKind.Launching);
    }

    [Test]
    public async Task Deploy_WithATimestamp_NamesItsUnitsByIt()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var details = await deployster.SendAsync(Request("v1", "1999.12.31-23.59.59"));

        deployster.Fleet.Names.Should().ContainSingle()
            .Which.ToString().Should().Be("railsapp:v1:1999.12.31-23.59.59@1.service");
        details.Record.Intention.RequestedAt.Should().Be(deployster.Clock.GetUtcNow(), "the timestamp is a label");
    }

    [Test]
    public async Task Deploy_OfWhatTheRequestLeavesOut_InheritsFromTheVersionThatRuns()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3,"port":8080,"env":{"RAILS_ENV":"production"},"memory":"512m","cpus":1.5}"""));

        var second = await deployster.DeployAsync("v2", spec: Spec.Of("""{"port":9090,"cpus":null}""", "memory"));

        var spec = deployster.RecordOf(second).Intention.Spec;
        spec.InstanceCount.Should().Be(3);
        spec.Port.Should().Be(9090);
        spec.Env.Should().Equal(new Dictionary<string, string> { ["RAILS_ENV"] = "production" });
        spec.Cpus.Should().Be(1.5m, "null is left out");
        spec.Memory.Should().BeNull("it is cleared");
    }

    [Test]
    public async Task Deploy_WhenTwoVersionsRun_InheritsNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1", Spec.Of("""{"port":8080}"""));
        await deployster.RunAsync("v2");

        var third = await deployster.DeployAsync("v3");

        deployster.RecordOf(third).Intention.Spec.Should().Be(DeploySpec.Default);
    }

    [Test]
    public async Task Deploy_WhenAUnitOfTheRunningVersionHasVanished_InheritsTheNumberThatIsWanted()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        deployster.Fleet.Take(first.Unit(2));

        var second = await deployster.DeployAsync("v2");

        deployster.RecordOf(second).Intention.Spec.InstanceCount.Should().Be(3);
    }

    [Test]
    public async Task Deploy_WithDestroyPrevious_RecordsEveryOtherDeployWithItsUnits()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":2}"""));
        var second = await deployster.RunAsync("v2", Spec.Of("""{"instance_count":1}"""));

        var third = await deployster.DeployAsync("v3", destroyPrevious: true);

        deployster.Fleet[third.Unit(1)].Intention!.Replaces.Should().BeEquivalentTo(
        [
            new ReplacedDeploy(first.Version, first.Timestamp, 2),
            new ReplacedDeploy(second.Version, second.Timestamp, 1),
        ]);
    }

    [Test]
    public async Task Deploy_WithoutDestroyPrevious_RunsBeside()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");

        var second = await deployster.RunAsync("v2");

        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1), second.Unit(1)]);
        deployster.RecordOf(second).Intention.Replaces.Should().BeEmpty();
    }

    [Test]
    public async Task Deploy_WithDestroyPrevious_LeavesOtherServicesAlone()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var other = new DeployId(ServiceName.Parse("worker"), VersionTag.Parse("v1"), DeployTimestamp.Parse("2015.03.01-00.00.00"));
        deployster.Fleet.Put(other.Unit(1), Sample.Intention(other));

        var deploy = await deployster.DeployAsync("v2", destroyPrevious: true);
        await deployster.EndAsync(deploy);

        deployster.Fleet.Names.Should().Contain(other.Unit(1));
    }

    [Test]
    public async Task Deploy_OfOneThatExists_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");

        var again = () => deployster.SendAsync(Request("v1", first.Timestamp.ToString()));

        (await again.Should().ThrowAsync<ConflictException>()).Which.Message.Should().Contain(first.ToString()).And.Contain("exists");
    }

    [Test]
    public async Task Deploy_OfOneThatTheHistoryAloneRemembers_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var known = Sample.DeployId("v1");
        deployster.History.Put(Sample.Record(known, DeployStatus.Succeeded));

        var again = () => deployster.SendAsync(Request("v1", known.Timestamp.ToString()));

        await again.Should().ThrowAsync<ConflictException>();
    }

    [Test]
    public async Task Deploy_WhileAnotherIsUnderWay_ConflictsAndNamesIt()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var first = await deployster.DeployAsync("v1");

        var second = () => deployster.DeployAsync("v2");

        var conflict = (await second.Should().ThrowAsync<ConflictException>()).Which;
        conflict.Message.Should().Contain(first.ToString());
        conflict.UnderWayId.Should().Be(first);
        deployster.Fleet.Names.Should().BeEquivalentTo([first.Unit(1)]);
    }

    [Test]
    public async Task Deploy_WhileARolloutThatNobodyWatchesIsUnderWay_ConflictsAndTakesItUp()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var (old, @new) = (Sample.DeployId("v1", 1), Sample.DeployId("v2", 2));
        deployster.Fleet.Put(old.Unit(1), Sample.Intention(old));
        deployster.Fleet.Put(@new.Unit(1), Sample.Intention(@new, null, old));

        var third = () => deployster.DeployAsync("v3");

        (await third.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(@new);
        (await deployster.EndAsync(@new)).Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Deploy_TwoAtOnce_OneWins()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        deployster.Fleet.BeforeRead = () => Task.Delay(1);

        var attempts = Enumerable.Range(1, 8).Select(i => Task.Run(() => deployster.DeployAsync($"v{i}"))).ToList();
        await Task.WhenAll(attempts.Select(attempt => attempt.ContinueWith(_ => { }, TaskScheduler.Default)));

        attempts.Count(attempt => attempt.IsCompletedSuccessfully).Should().Be(1);
        attempts.Where(attempt => attempt.IsFaulted).Should().OnlyContain(
            attempt => attempt.Exception!.InnerException is ConflictException);
        deployster.Fleet.Names.Should().HaveCount(1);
    }

    [Test]
    public async Task Deploy_OfAnotherService_DoesNotWaitForTheFirst()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        await deployster.DeployAsync("v1");

        var other = await deployster.SendAsync(Request("v1") with { Service = "worker" });

        other.Record.Status.Should().Be(DeployStatus.InProgress);
    }

    [Test]
    public async Task Deploy_WhichItsFleetCannotTake_IsRefusedBeforeAnythingIsDone()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Refusal = new SpecRefusedException("deploy.env.SECRET", "is too long for a line of a unit file.");

        var deploy = () => deployster.DeployAsync("v1");

        (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which.Field.Should().Be("deploy.env.SECRET");
        deployster.History.Saves.Should().Be(0);
        deployster.Fleet.Done.Should().BeEmpty();
    }

    [Test]
    public async Task Deploy_WhoseDeadlineIsNotAfterMinHealthySeconds_IsRefused()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var deploy = () => deployster.DeployAsync("v1", spec: Spec.Of("""{"deadline":10,"min_healthy_seconds":10}"""));

        (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which.Field.Should().Be("deploy.deadline");
    }

    [TestCase("deploy.hosts", """{"port":0,"hosts":["a.example.com"]}""")]
    [TestCase("deploy.path_prefix", """{"port":0,"path_prefix":"/api"}""")]
    [TestCase("deploy.health_check.port", """{"port":0,"health_check":{"path":"/up"}}""")]
    [TestCase("deploy.deadline", """{"port":0,"deadline":5}""")]
    public async Task Deploy_WithoutAPort_RefusesWhatNeedsOne(string field, string spec)
    {
        await using var deployster = await TestDeployster.StartAsync();

        var deploy = () => deployster.DeployAsync("v1", spec: Spec.Of(spec));

        (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which.Field.Should().Be(field);
    }

    [TestCase("""{"image":"railsapp"}""", "mycompany/railsapp:v1")]
    [TestCase("""{"image":"ghcr.io/org/app"}""", "ghcr.io/org/app:v1")]
    public async Task Deploy_WithAnotherImage_RunsItsTagAndHandsItOn(string spec, string image)
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.SendAsync(Request("v1", spec: Spec.Of(spec)) with { Service = "worker" });
        var first = deployster.Rollouts.All.Single().Record;
        await deployster.EndAsync(first.DeployId);

        var second = (await deployster.SendAsync(Request("v2") with { Service = "worker" })).Record;

        first.Intention.Image.Should().Be(image);
        second.Intention.Image.Should().Be(image.Replace("v1", "v2", StringComparison.Ordinal));
    }

    [Test]
    public async Task Deploy_WhoseUnitNamesWouldBeTooLong_IsRefused()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var deploy = () => deployster.SendAsync(Request(new string('v', 128)) with { Service = new string('s', 100) });

        (await deploy.Should().ThrowAsync<SpecRefusedException>()).Which.Field.Should().Be("deploy.version");
    }

    private static DeployVersion Request(string version, string? timestamp = null, SpecChanges? spec = null) => new()
    {
        Service = "railsapp",
        Version = version,
        Timestamp = timestamp,
        Spec = spec ?? SpecChanges.None,
        Requester = new Requester("ada", "10.0.0.7"),
    };
}
