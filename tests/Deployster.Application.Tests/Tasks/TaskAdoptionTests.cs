using Deployster.Domain.Tasks;
using NSubstitute;

namespace Deployster.Application.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TaskAdoptionTests
{
    private readonly TaskKit _kit = new();

    [Test]
    public async Task Adopt_WhenContainerRuns_CarriesItThroughToItsDeadline()
    {
        _kit.EndWhenStopped(exitCode: 137);
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record with { StartedAt = null };
        _kit.Containers.Add(record);

        await _kit.Adoption.AdoptAsync(default);
        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.TimedOut(record.Timeout));
        ended.EndedAt.Should().BeCloseTo(record.Deadline!.Value, TimeSpan.FromSeconds(5));
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Adopt_WhenHistoryKnowsNothing_GoesByWhatTheContainerTells()
    {
        var record = TaskKit.Earlier();
        _kit.Containers.Add(record);
        _kit.Log.Write("done");
        _kit.Log.End();
        _kit.Exit.SetResult(5);

        await _kit.Adoption.AdoptAsync(default);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(5));
    }

    [Test]
    public async Task Adopt_WhenContainerWasNeverStarted_RemovesItAndSaysSo()
    {
        var record = TaskKit.Earlier(isStarted: false);
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);

        await _kit.Adoption.AdoptAsync(default);

        _kit.Saved[record.Id].End.Should().Be(TaskEnd.Lost("Deployster was stopped before the task began."));
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Adopt_WhenTaskHasEnded_OnlyRemovesWhatIsLeft()
    {
        var record = TaskKit.Earlier() with { End = TaskEnd.Exited(0) };
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record with { End = null });

        await _kit.Adoption.AdoptAsync(default);

        _kit.Saved[record.Id].Should().BeSameAs(record);
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Adopt_WhenContainerIsGone_WritesAnEnd()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record;

        await _kit.Adoption.AdoptAsync(default);

        _kit.Saved[record.Id].End!.ToString().Should().StartWith("Exited (125) Deployster was stopped while the task ran");
    }

    [Test]
    public async Task Adopt_WhenTaskIsItsOwn_LeavesItAlone()
    {
        var record = TaskKit.Earlier() with { RequestedAt = _kit.Clock.GetUtcNow() };
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record with { StartedAt = null });

        await _kit.Adoption.AdoptAsync(default);

        _kit.Saved[record.Id].End.Should().BeNull();
        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);
    }
}
