using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Application.Tasks;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Tests.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using NSubstitute;

namespace Deployster.Application.Tests.Pruning;

/// <summary>Prunes that keep two images of each service.</summary>
internal sealed class PruneTests
{
    [Test]
    public async Task Prune_WhenMoreHaveSucceededThanAreKept_RemovesTheOthersAndTellsHowMuch()
    {
        await using var deployster = await DeployedAsync(4);

        var result = await deployster.SendAsync(new Prune());

        result.Should().BeEquivalentTo(new PruneResult(
            ["mycompany/railsapp:v1", "mycompany/railsapp:v2"], [], 2 * FakeImageStore.Size));
        deployster.Images.Ids.Should().Equal("3", "4");
    }

    [Test]
    public async Task Prune_AsADryRun_TellsTheSameAndRemovesNothing()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.Fleet.Put(Sample.DeployId("v1").Unit(1), null, Phase.Stopped, Wanted.Gone);

        var told = await deployster.SendAsync(new Prune(IsDryRun: true));

        deployster.Images.Ids.Should().HaveCount(4);
        deployster.Fleet.Names.Should().HaveCount(1);
        (await deployster.SendAsync(new Prune())).Should().BeEquivalentTo(told);
    }

    [Test]
    public async Task Prune_WhenNoImagesAreToBeKept_RemovesContainersOnly()
    {
        await using var deployster = await DeployedAsync(4, keepImages: 0);
        deployster.Fleet.Put(Sample.DeployId("v1").Unit(1), null, Phase.Stopped, Wanted.Gone);
        deployster.History.IsAway = true;

        var result = await deployster.SendAsync(new Prune());

        result.Should().BeEquivalentTo(new PruneResult([], [$"{Sample.DeployId("v1").Unit(1)}"], 0));
        deployster.Images.Ids.Should().HaveCount(4);
    }

    [Test]
    public async Task Prune_WhenTheHistoryDoesNotAnswer_RemovesNothing()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.Fleet.Put(Sample.DeployId("v1").Unit(1), null, Phase.Stopped, Wanted.Gone);
        deployster.History.IsAway = true;

        await deployster.Invoking(it => it.SendAsync(new Prune())).Should().ThrowAsync<HistoryUnavailableException>();

        deployster.Images.Ids.Should().HaveCount(4);
        deployster.Fleet.Names.Should().HaveCount(1);
    }

    [Test]
    public async Task Prune_WhenTheEngineGoesAwayInTheMiddle_SaysSoAndTheNextOneGoesOn()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.Images.BeforeRemove = removal => Task.FromResult(deployster.Images.IsAway = removal.Image.Id == "2");
        await deployster.Invoking(it => it.SendAsync(new Prune())).Should().ThrowAsync<FleetUnavailableException>();
        deployster.Images.Ids.Should().Equal("2", "3", "4");

        deployster.Images.IsAway = false;
        deployster.Images.BeforeRemove = _ => Task.CompletedTask;
        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/railsapp:v2");
    }

    [Test]
    public async Task Prune_WhileARolloutPullsAnOldImage_LeavesIt()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        await deployster.DeployAsync("v1");

        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/railsapp:v2");
    }

    [Test]
    public async Task Prune_WhenADeployComesAfterTheDecision_LeavesItsImage()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        deployster.Images.BeforeRemove = removal => removal.Image.Id == "1" ? deployster.DeployAsync("v2") : Task.CompletedTask;

        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/railsapp:v1");

        deployster.Images.Ids.Should().Equal("2", "3", "4");
    }

    [Test]
    public async Task Deploy_OfAnImageThatIsJustBeingRemoved_LaunchesWhenThatHasEnded()
    {
        await using var deployster = await DeployedAsync(4);
        var removal = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        deployster.Images.BeforeRemove = async _ =>
        {
            begun.TrySetResult();
            await removal.Task;
        };
        var prune = deployster.SendAsync(new Prune());
        await begun.Task;

        await deployster.RunAsync("v9");
        var wasThere = true;
        deployster.Fleet.BeforeLaunch = _ => Task.FromResult(wasThere = deployster.Images.Ids.Contains("1"));
        var reads = deployster.Fleet.Reads;
        var deploy = deployster.DeployAsync("v1");
        await TestDeployster.UntilAsync(() => deployster.Fleet.Reads > reads);

        removal.SetResult();
        var unit = (await deploy).Unit(1);
        deployster.Fleet.Names.Should().Contain(unit);
        wasThere.Should().BeFalse();
        (await prune).Images.Should().Equal("mycompany/railsapp:v1", "mycompany/railsapp:v2");
    }

    [Test]
    public async Task Prune_WhileATaskIsAboutToStart_LeavesItsImage()
    {
        await using var deployster = await DeployedAsync(4);
        deployster.TaskEngine.PrepareImageAsync(default!, default).ReturnsForAnyArgs(new TaskCompletionSource<TaskImage>().Task);
        using var client = new CancellationTokenSource();
        var task = deployster.SendAsync(TaskKit.Request(), client.Token);
        await TestDeployster.UntilAsync(() => deployster.TaskEngine.ReceivedCalls().Any());

        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/railsapp:v2");

        await client.CancelAsync();
        await task.Invoking(it => it).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Prune_OfUnitsThatAreKeptAndHaveVanished_LeavesTheirImage()
    {
        var kept = Sample.Record(Sample.DeployId("v1", 1), DeployStatus.Succeeded) with { UnitCount = 1 };
        await using var deployster = await DeployedAsync(4, kept);
        deployster.History.Put(kept with { UnitCount = 0 });

        (await deployster.SendAsync(new Prune())).Images.Should().Equal("mycompany/railsapp:v2");
    }

    [Test]
    public async Task Prune_WhenTwoComeAtOnce_DoesOneAfterTheOther()
    {
        await using var deployster = await DeployedAsync(4);
        var removals = 0;
        deployster.Images.BeforeRemove = async _ =>
        {
            Interlocked.Increment(ref removals).Should().Be(1);
            await Task.Yield();
            Interlocked.Decrement(ref removals);
        };

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => deployster.SendAsync(new Prune())));

        results.SelectMany(result => result.Images).Should().Equal("mycompany/railsapp:v1", "mycompany/railsapp:v2");
    }

    [Test]
    public async Task Prune_OfUnitsThatAreMarkedAndStopped_RemovesThemAndTheirImage()
    {
        await using var deployster = await DeployedAsync(3);
        var unit = Sample.DeployId("v1").Unit(1);
        deployster.Images.Put("1", "mycompany/railsapp:v1", containers: 1);
        deployster.Fleet.Put(unit, null, Phase.Stopped, Wanted.Gone, imageId: "1");

        var told = await deployster.SendAsync(new Prune(IsDryRun: true));
        var result = await deployster.SendAsync(new Prune());

        result.Should().BeEquivalentTo(new PruneResult(["mycompany/railsapp:v1"], [unit.ToString()], FakeImageStore.Size));
        told.Should().BeEquivalentTo(result);
        deployster.Fleet.Names.Should().BeEmpty();
    }

    [TestCase(Wanted.Gone, Phase.Healthy)]
    [TestCase(Wanted.Gone, Phase.Stopping)]
    [TestCase(Wanted.Stopped, Phase.Stopped)]
    [TestCase(Wanted.Running, Phase.Failed)]
    public async Task Prune_OfUnitsThatRunOrAreNotMarked_LeavesThem(Wanted wanted, Phase phase)
    {
        await using var deployster = await DeployedAsync(0);
        deployster.Fleet.Put(Sample.DeployId("v1").Unit(1), null, phase, wanted);

        (await deployster.SendAsync(new Prune())).Containers.Should().BeEmpty();

        deployster.Fleet.Names.Should().HaveCount(1);
    }

    [Test]
    public async Task Prune_OfMarkedUnitsOfAServiceThatIsBeingRolledOut_LeavesThem()
    {
        await using var deployster = await DeployedAsync(0);
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        deployster.Fleet.Put(Sample.DeployId("v1").Unit(1), null, Phase.Stopped, Wanted.Gone);
        await deployster.DeployAsync("v2");

        (await deployster.SendAsync(new Prune())).Containers.Should().BeEmpty();
    }

    [Test]
    public async Task Prune_OfTaskContainers_RemovesThoseWhoseEndIsKnown()
    {
        await using var deployster = await DeployedAsync(0);
        var (ended, untold, running, unknown) = (TaskKit.Earlier(), TaskKit.Earlier(), TaskKit.Earlier(), TaskKit.Earlier());
        deployster.TaskEngine.ListAsync(default).ReturnsForAnyArgs(
            [new TaskContainer(ended, false), new TaskContainer(untold, false), new TaskContainer(running, true), new TaskContainer(unknown, false)]);
        deployster.TaskHistory.FindAsync(default!, default).ReturnsForAnyArgs(call =>
            call.Arg<Domain.Tasks.TaskId>() == ended.Id || call.Arg<Domain.Tasks.TaskId>() == running.Id ? ended with { End = Domain.Tasks.TaskEnd.Exited(0) }
            : call.Arg<Domain.Tasks.TaskId>() == untold.Id ? untold
            : null);

        (await deployster.SendAsync(new Prune())).Containers.Should().Equal(ended.Id.Value);

        await deployster.TaskEngine.Received(1).RemoveAsync(ended.Id, Arg.Any<CancellationToken>());
        await deployster.TaskEngine.ReceivedWithAnyArgs(1).RemoveAsync(default!, default);
    }

    /// <summary>One whose history has so many deploys that succeeded and run no more, and whose machine has their images.</summary>
    private static async Task<TestDeployster> DeployedAsync(int count, DeployRecord? kept = null, int keepImages = 2)
    {
        var deployster = new TestDeployster(keepImages: keepImages);
        deployster.TaskEngine.ListAsync(default).ReturnsForAnyArgs([]);
        for (var number = 1; number <= count; number++)
        {
            deployster.History.Put(Sample.Record(Sample.DeployId($"v{number}", number), DeployStatus.Succeeded));
            deployster.Images.Put($"{number}", $"mycompany/railsapp:v{number}");
        }

        if (kept is not null)
        {
            deployster.History.Put(kept);
        }

        await deployster.BeginAsync();
        return deployster;
    }
}
