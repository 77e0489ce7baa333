using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Tests.Deploys;

internal sealed class FollowDeployTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Follow_GivesWhatHasHappenedThenWhatHappensUntilTheEnd()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");
        await using var events = (await FollowAsync(deployster, deploy)).GetAsyncEnumerator();

        (await NextAsync(events)).Happened.Kind.Should().Be(RolloutEventKind.Requested);
        (await NextAsync(events)).Happened.Kind.Should().Be(RolloutEventKind.Launching);
        await deployster.TickAsync();
        (await NextAsync(events)).Happened.Message.Should().Be($"{deploy.Unit(1)} is preparing");
        deployster.Fleet.Heal("v1");
        await deployster.EndAsync(deploy);

        (await NextAsync(events)).Happened.Message.Should().Be($"{deploy.Unit(1)} is healthy");
        (await NextAsync(events)).Happened.Kind.Should().Be(RolloutEventKind.Healthy);
        (await NextAsync(events)).Happened.Kind.Should().Be(RolloutEventKind.Succeeded);
        (await events.MoveNextAsync().AsTask().WaitAsync(s_limit)).Should().BeFalse("the rollout has ended");
    }

    [Test]
    public async Task Follow_NumbersEventsFromOneWithoutGaps()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));

        var events = await (await FollowAsync(deployster, deploy)).ToListAsync();

        events.Select(happened => happened.Id).Should().Equal(Enumerable.Range(1, events.Count).Select(i => (long)i));
    }

    [Test]
    public async Task Follow_ResumedAfterAnyEvent_LosesAndRepeatsNothing()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1", Spec.Of("""{"instance_count":3}"""));
        var all = await (await FollowAsync(deployster, deploy)).ToListAsync();

        for (var after = 0; after <= all.Count + 1; after++)
        {
            var rest = await (await FollowAsync(deployster, deploy, after)).ToListAsync();
            rest.Should().Equal(all.Skip(after));
        }
    }

    [Test]
    public async Task Follow_ByManyAtOnce_GivesAllTheSame()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1", spec: Spec.Of("""{"instance_count":20}"""));
        var followers = Enumerable.Range(0, 20)
            .Select(_ => Task.Run(async () => await (await FollowAsync(deployster, deploy)).ToListAsync()))
            .ToList();

        await deployster.TickAsync(2);
        deployster.Fleet.Heal("v1");
        await deployster.EndAsync(deploy);

        foreach (var seen in await Task.WhenAll(followers).WaitAsync(s_limit))
        {
            seen.Should().Equal(deployster.EventsOf(deploy));
        }
    }

    [Test]
    public async Task Follow_AfterARestart_GivesWhatTheHistoryRemembersUnderTheSameNumbers()
    {
        await using var deployster = await TestDeployster.StartAsync();
        var deploy = await deployster.RunAsync("v1");
        var before = deployster.EventsOf(deploy);
        await using var next = await deployster.RestartAsync();

        var all = await (await FollowAsync(next, deploy)).ToListAsync();
        var rest = await (await FollowAsync(next, deploy, 2)).ToListAsync();

        all.Should().Equal(before);
        rest.Should().Equal(before.Skip(2));
    }

    [Test]
    public async Task Follow_OfARolloutThatWasTakenUpAfterARestart_GoesOnWithTheNextNumber()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        var deploy = await deployster.DeployAsync("v1");
        await deployster.TickAsync();
        var before = deployster.EventsOf(deploy);
        await using var next = await deployster.RestartAsync();
        next.Fleet.Heal("v1");
        await next.EndAsync(deploy);

        var all = await (await FollowAsync(next, deploy)).ToListAsync();

        all.Should().StartWith(before).And.HaveCountGreaterThan(before.Count);
        all.Select(happened => happened.Id).Should().Equal(Enumerable.Range(1, all.Count).Select(i => (long)i));
        all[^1].Happened.Kind.Should().Be(RolloutEventKind.Succeeded);
    }

    [Test]
    public async Task Follow_WhenTheReaderGoesAway_Ends()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.Fleet.Becomes = _ => (Phase.Preparing, null);
        await deployster.DeployAsync("v1");
        using var gone = new CancellationTokenSource();
        var events = await deployster.SendAsync(new FollowDeploy("railsapp", "v1", null, 0), gone.Token);

        var read = events.ToListAsync().AsTask();
        await gone.CancelAsync();

        await read.Awaiting(reading => reading.WaitAsync(s_limit)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Follow_OfWhatNobodyKnows_IsNotFound()
    {
        await using var deployster = await TestDeployster.StartAsync();

        var follow = () => FollowAsync(deployster, Sample.DeployId("v1"));

        await follow.Should().ThrowAsync<NotFoundException>();
    }

    private static Task<IAsyncEnumerable<DeployEvent>> FollowAsync(TestDeployster deployster, DeployId deploy, long after = 0) =>
        deployster.SendAsync(new FollowDeploy(deploy.Service.Value, deploy.Version.Value, deploy.Timestamp.ToString(), after));

    private static async Task<DeployEvent> NextAsync(IAsyncEnumerator<DeployEvent> events)
    {
        (await events.MoveNextAsync().AsTask().WaitAsync(s_limit)).Should().BeTrue();
        return events.Current;
    }
}
