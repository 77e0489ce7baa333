using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Services;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentValidation;

namespace Deployster.Application.Tests.Services;

internal sealed class ScaleServiceTests
{
    [Test]
    public async Task Scale_Up_LaunchesMoreUnitsOfTheDeployThatRuns()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"port":8080}"""));

        var details = await deployster.SendAsync(new ScaleService("railsapp", 3, new Requester("ada", null)));

        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1), deploy.Unit(2), deploy.Unit(3)]);
        deployster.Fleet[deploy.Unit(3)].Intention!.Spec.Port.Should().Be(8080);
        details.Units.Should().HaveCount(3);
        details.Record.Intention.Spec.InstanceCount.Should().Be(3);
    }

    [Test]
    public async Task Scale_Up_FillsTheLowestFreeNumbers()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":4}"""));
        deployster.Fleet.Take(deploy.Unit(1));
        deployster.Fleet.Take(deploy.Unit(3));

        await deployster.SendAsync(new ScaleService("railsapp", 5));

        deployster.Fleet.Names.Select(unit => unit.Instance).Should().BeEquivalentTo([1, 2, 3, 4, 5]);
    }

    [Test]
    public async Task Scale_Down_DestroysTheHighestNumbers()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":11}"""));

        await deployster.SendAsync(new ScaleService("railsapp", 2));

        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(1), deploy.Unit(2)]);
    }

    [Test]
    public async Task Scale_DownWhenAUnitIsIll_DestroysThatOne()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        deployster.Fleet.SetPhase(deploy.Unit(1), Phase.Running, "its port 3000 does not answer");

        await deployster.SendAsync(new ScaleService("railsapp", 2));

        deployster.Fleet.Names.Should().BeEquivalentTo([deploy.Unit(2), deploy.Unit(3)]);
    }

    [Test]
    public async Task Scale_ToTheNumberThatThereIs_DoesNothingToTheUnits()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var done = deployster.Fleet.Done.Count;

        await deployster.SendAsync(new ScaleService("railsapp", 1));

        deployster.Fleet.Done.Should().HaveCount(done);
    }

    [Test]
    public async Task Scale_OfADeployThatReplacedOthers_IsNotTakenForARollout()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);
        await deployster.EndAsync(second);

        await deployster.SendAsync(new ScaleService("railsapp", 2));
        await using var next = await deployster.RestartAsync();

        next.Fleet[second.Unit(2)].Intention!.Replaces.Should().BeEmpty();
        next.Rollouts.UnderWay.Should().BeEmpty();
    }

    [Test]
    public async Task Scale_IsTold_AndWrittenDown()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");

        await deployster.SendAsync(new ScaleService("railsapp", 3, new Requester("ada", null)));

        var last = deployster.History.EventsOf(deploy)[^1].Happened;
        last.Kind.Should().Be(RolloutEventKind.Scaled);
        last.Message.Should().Be("Scaled from 1 to 3 by ada");
        deployster.History[deploy]!.Intention.Spec.InstanceCount.Should().Be(3);
        deployster.History[deploy]!.Status.Should().Be(DeployStatus.Succeeded);
    }

    [Test]
    public async Task Scale_AfterARestart_ContinuesTheEventsOfTheHistory()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");
        var before = deployster.History.EventsOf(deploy);
        await using var next = await deployster.RestartAsync();

        await next.SendAsync(new ScaleService("railsapp", 2));

        next.History.EventsOf(deploy).Should().HaveCount(before.Count + 1).And.StartWith(before);
    }

    [Test]
    public async Task Scale_WhenTheHistoryIsAway_IsWrittenDownLaterWithWhatHappenedBefore()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.IsAway = true;
        var deploy = await deployster.DeployAsync("v1");
        await deployster.EndAsync(deploy);

        await deployster.SendAsync(new ScaleService("railsapp", 2));
        deployster.History.IsAway = false;
        await TestDeployster.UntilAsync(() =>
        {
            deployster.Clock.Advance(TimeSpan.FromSeconds(5));
            return deployster.Rollouts.Find(deploy)!.IsSaved;
        });

        deployster.History.EventsOf(deploy).Select(happened => happened.Happened.Kind)
            .Should().StartWith(RolloutEventKind.Requested).And.EndWith(RolloutEventKind.Scaled);
    }

    [Test]
    public async Task Scale_WhileTheHistoryIsSilent_KeepsWhatItKnowsOfTheDeploy()
    {
        var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");
        var asked = deployster.History[deploy]! with { Requester = new Requester("ada", null) };
        deployster.History.Put(asked);
        await using var next = await deployster.RestartAsync();
        next.History.IsAway = true;

        await next.SendAsync(new ScaleService("railsapp", 2));
        next.History.IsAway = false;
        await TestDeployster.UntilAsync(() =>
        {
            next.Clock.Advance(TimeSpan.FromSeconds(5));
            return next.Rollouts.Find(deploy)!.IsSaved;
        });

        var written = next.History[deploy]!;
        written.UnitCount.Should().Be(2);
        (written.Status, written.Message, written.EndedAt, written.Requester)
            .Should().Be((asked.Status, asked.Message, asked.EndedAt, asked.Requester));
    }

    [Test]
    public async Task Scale_WhoseClientHangsUpWhileAUnitIsDestroyed_IsCarriedThrough()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        using var client = new CancellationTokenSource();
        var hungUp = new TaskCompletionSource();
        deployster.Fleet.BeforeDestroy = async _ =>
        {
            await client.CancelAsync();
            await hungUp.Task;
        };

        var scale = () => deployster.SendAsync(new ScaleService("railsapp", 1), client.Token);

        await scale.Should().ThrowAsync<OperationCanceledException>();
        hungUp.SetResult();
        await TestDeployster.UntilAsync(() => deployster.Fleet.Names.SequenceEqual([deploy.Unit(1)]));
    }

    [Test]
    public async Task Scale_WhileARolloutIsUnderWay_Conflicts()
    {
        await using var deployster = await TestDeployster.StartAsync();
        await deployster.RunAsync("v1");
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var second = await deployster.DeployAsync("v2", destroyPrevious: true);

        var scale = () => deployster.SendAsync(new ScaleService("railsapp", 3));

        (await scale.Should().ThrowAsync<ConflictException>()).Which.UnderWayId.Should().Be(second);
    }

    [Test]
    public async Task Scale_WhenSeveralDeploysRun_ConflictsAndNamesThem()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var first = await deployster.RunAsync("v1");
        var second = await deployster.RunAsync("v2");

        var scale = () => deployster.SendAsync(new ScaleService("railsapp", 3));

        (await scale.Should().ThrowAsync<ConflictException>()).Which.Message
            .Should().Contain(first.WithinService).And.Contain(second.WithinService);
    }

    [Test]
    public async Task Scale_WhenNothingRuns_IsNotFound()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var scale = () => deployster.SendAsync(new ScaleService("railsapp", 3));

        await scale.Should().ThrowAsync<NotFoundException>();
    }

    [TestCase(null, "is missing.")]
    [TestCase(0, "must be from 1 to 1000, not 0.")]
    [TestCase(1001, "must be from 1 to 1000, not 1001.")]
    public async Task Scale_ToANumberAgainstTheRules_IsRefused(int? count, string message)
    {
        await using var deployster = await TestDeployster.StartAsync();

        var scale = () => deployster.SendAsync(new ScaleService("railsapp", count));

        var error = (await scale.Should().ThrowAsync<ValidationException>()).Which.Errors.Should().ContainSingle().Which;
        error.PropertyName.Should().Be("instance_count");
        error.ErrorMessage.Should().Be(message);
    }
}
