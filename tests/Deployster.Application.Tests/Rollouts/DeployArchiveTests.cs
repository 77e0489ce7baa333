using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployster.Application.Tests.Rollouts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeployArchiveTests
{
    private static readonly DeployId s_deployId = Sample.DeployId("v1");

    private readonly WatchClock _clock = new();
    private readonly IDeployHistory _history = Substitute.For<IDeployHistory>();
    private readonly DeployArchive _archive;

    public DeployArchiveTests() => _archive = new DeployArchive(_history, _clock, NullLogger<DeployArchive>.Instance);

    [Test]
    public async Task Save_WritesWhatHasHappenedSinceTheLastTime()
    {
        var deploy = NewDeploy();
        await _archive.TrySaveAsync(deploy, default);
        deploy.Tell(_clock.GetUtcNow(), new RolloutEvent(RolloutEventKind.Healthy, "second"));

        await _archive.TrySaveAsync(deploy, default);

        deploy.IsSaved.Should().BeTrue();
        await _history.Received(1).SaveAsync(
            deploy.Record, Arg.Is<IReadOnlyList<DeployEvent>>(events => events.Count == 1 && events[0].Id == 2), default);
    }

    [Test]
    public async Task Save_OfAHistoryThatFailed_IsNotTriedAgainForFiveSeconds()
    {
        MakeSavingFail();
        await _archive.TrySaveAsync(NewDeploy(), default);
        _history.ClearReceivedCalls();

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        await _archive.TrySaveAsync(NewDeploy(), default);
        _history.ReceivedCalls().Should().BeEmpty("a history that does not answer holds up nobody else's deploy");
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await _archive.TrySaveAsync(NewDeploy(), default);

        _history.ReceivedCalls().Should().HaveCount(1);
    }

    [Test]
    public async Task Save_AfterOneThatFailed_WritesEverythingThatIsMissing()
    {
        var deploy = NewDeploy();
        MakeSavingFail();
        await _archive.TrySaveAsync(deploy, default);
        deploy.IsSaved.Should().BeFalse();
        deploy.Tell(_clock.GetUtcNow(), new RolloutEvent(RolloutEventKind.Healthy, "second"));
        _history.ClearReceivedCalls();
        _clock.Advance(DeployArchive.RetryAfter);

        await _archive.TrySaveAsync(deploy, default);

        await _history.Received(1).SaveAsync(
            deploy.Record, Arg.Is<IReadOnlyList<DeployEvent>>(events => events.Count == 2), default);
    }

    [Test]
    public async Task Read_OfAHistoryThatFails_GivesNothing()
    {
        _history.FindAsync(default!, default!, default, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("disk I/O error"));
        _history.ListUnfinishedAsync(default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("disk I/O error"));
        _history.ListKeptAsync(default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("disk I/O error"));
        _history.ReadEventsAsync(default!, default, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("disk I/O error"));

        (await _archive.FindAsync(s_deployId.Service, s_deployId.Version, null, default)).Should().BeNull();
        (await _archive.TryFindAsync(s_deployId, default)).Should().BeNull("none is not the same as unknown");
        (await _archive.TryListUnfinishedAsync(default)).Should().BeNull();
        (await _archive.TryListKeptAsync(default)).Should().BeNull();
        (await _archive.TryReadEventsAsync(s_deployId, default)).Should().BeNull();
    }

    [Test]
    public async Task End_WhileTheHistoryIsAway_IsWrittenDownWhenItIsBack()
    {
        await using var deployster = await TestDeployster.StartAsync();
        deployster.History.IsAway = true;
        var deploy = await deployster.DeployAsync("v1");
        await deployster.EndAsync(deploy);

        deployster.History.IsAway = false;
        await TestDeployster.UntilAsync(() =>
        {
            deployster.Clock.Advance(TimeSpan.FromSeconds(1));
            return deployster.History[deploy] is not null;
        });

        deployster.History[deploy]!.Status.Should().Be(DeployStatus.Succeeded);
        deployster.History.EventsOf(deploy).Should().Equal(deployster.EventsOf(deploy));
    }

    private LiveRollout NewDeploy()
    {
        var record = Sample.Record(s_deployId, DeployStatus.InProgress);
        var deploy = new LiveRollout(record, RolloutMemory.Begin(new(s_deployId, record.Intention), _clock.GetMonotonicTime()), []);
        deploy.Tell(_clock.GetUtcNow(), new RolloutEvent(RolloutEventKind.Requested, "first"));
        return deploy;
    }

    // Once.
    private void MakeSavingFail() => _history.SaveAsync(default!, default!, default).ReturnsForAnyArgs(
        Task.FromException(new HistoryUnavailableException("database is locked")), Task.CompletedTask);
}
