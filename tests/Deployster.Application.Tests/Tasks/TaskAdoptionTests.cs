using Deployster.Application.History;
using Deployster.Domain.Tasks;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

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

        await _kit.Adoption.TakeUpAsync(default);
        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.TimedOut(record.Timeout));
        ended.EndedAt.Should().BeCloseTo(record.StartedAt!.Value + record.Timeout, TimeSpan.FromSeconds(5));
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

        await _kit.Adoption.TakeUpAsync(default);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(5));
    }

    [Test]
    public async Task Adopt_WhenContainerWasNeverStarted_RemovesItAndSaysSo()
    {
        var record = TaskKit.Earlier(isStarted: false);
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);

        await _kit.Adoption.TakeUpAsync(default);

        _kit.Saved[record.Id].End.Should().Be(TaskEnd.Lost("Deployster was stopped before the task began."));
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Adopt_WhenTaskHasEnded_OnlyRemovesWhatIsLeft()
    {
        var record = TaskKit.Earlier() with { End = TaskEnd.Exited(0) };
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record with { End = null });

        await _kit.Adoption.TakeUpAsync(default);

        _kit.Saved[record.Id].Should().BeSameAs(record);
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Adopt_WhenContainerIsGone_WritesAnEnd()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record;

        await _kit.Adoption.TakeUpAsync(default);

        _kit.Saved[record.Id].End!.ToString().Should().StartWith("Exited (125) Deployster was stopped while the task ran");
    }

    [Test]
    public async Task Adopt_WhenTaskIsItsOwn_LeavesItAlone()
    {
        var record = await _kit.RunAsync();
        _kit.Containers.Add(record with { StartedAt = null });

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeTrue();

        _kit.Saved[record.Id].End.Should().BeNull();
        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);
    }

    [Test]
    public async Task Adopt_WhenClockWasSetBack_TakesUpEarlierTasksAllTheSame()
    {
        var record = TaskKit.Earlier() with { RequestedAt = _kit.Clock.GetUtcNow().AddHours(1), StartedAt = _kit.Clock.GetUtcNow().AddHours(1) };
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);

        await _kit.Adoption.TakeUpAsync(default);

        _kit.Tasks.Find(record.Id).Should().NotBeNull();
    }

    [Test]
    public async Task Adopt_WhenOwnTaskHasEndedButIsNotWrittenDown_LeavesItAlone()
    {
        var record = await _kit.RunAsync();
        _kit.IsHistorySilent = true;
        _kit.Output.End();
        _kit.Exit.SetResult(0);
        await _kit.UntilAsync(() => _kit.Tasks.Find(record.Id) is null);
        _kit.IsHistorySilent = false;

        await _kit.Adoption.TakeUpAsync(default);
        await _kit.UntilAsync(() => _kit.Saved[record.Id].End is not null);

        _kit.Saved[record.Id].End.Should().Be(TaskEnd.Exited(0));
    }

    [Test]
    public async Task Adopt_WhenHistoryIsSilent_TakesUpWhatRunsByItsContainer()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);
        _kit.IsHistorySilent = true;

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeFalse();

        _kit.Tasks.Find(record.Id)!.Record.Should().Be(record);
        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Adopt_WhenHistoryIsSilent_LeavesAContainerThatDoesNotRunUntilItTells(bool isStarted)
    {
        var record = TaskKit.Earlier(isStarted);
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);
        _kit.Exited.Add(record.Id);
        _kit.Log.End();
        _kit.Exit.SetResult(7);
        _kit.IsHistorySilent = true;
        (await _kit.Adoption.TakeUpAsync(default)).Should().BeFalse();
        _kit.Tasks.Find(record.Id).Should().BeNull();
        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);

        _kit.IsHistorySilent = false;
        (await _kit.Adoption.TakeUpAsync(default)).Should().BeTrue();

        (await _kit.EndAsync(record.Id)).End.Should()
            .Be(isStarted ? TaskEnd.Exited(7) : TaskEnd.Lost("Deployster was stopped before the task began."));
    }

    [Test]
    public async Task Adopt_WhenHistoryFallsSilentInBetween_RemovesNothing()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record with { End = TaskEnd.Exited(0) };
        _kit.Containers.Add(record);
        _kit.Exited.Add(record.Id);
        _kit.History.Configure().FindAsync(default!, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("It did not answer."));

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeFalse();

        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);
    }

    [Test]
    public async Task Adopt_WhenHistoryIsSilent_EndsNoTaskWithoutContainer()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record;
        _kit.IsHistorySilent = true;

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeFalse();

        _kit.Saved[record.Id].End.Should().BeNull();
    }

    [Test]
    public async Task Adopt_WhenOutputCannotBeOpened_WatchesTheTaskToItsEndAndSaysSo()
    {
        var record = TaskKit.Earlier();
        _kit.Saved[record.Id] = record;
        _kit.Containers.Add(record);
        _kit.Outputs.Open(default!).ThrowsForAnyArgs(new UnauthorizedAccessException("Access to it is denied."));
        _kit.Log.Write("unseen");
        _kit.Log.End();
        _kit.Exit.SetResult(0);

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeTrue();

        (await _kit.EndAsync(record.Id)).End!.ToString().Should().Be("Exited (0) Its output is lost: Access to it is denied.");
    }

    [Test]
    public async Task Adopt_WhenOneFails_TakesUpTheOthersAndTriesThatOneAgain()
    {
        var (first, second) = (TaskKit.Earlier(), TaskKit.Earlier());
        _kit.Containers.AddRange([first, second]);
        _kit.Outputs.Open(first.Id).Returns(_ => throw new InvalidOperationException("unexpected"), _ => _kit.Kept);

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeFalse();
        _kit.Tasks.Find(first.Id).Should().BeNull();
        _kit.Tasks.Find(second.Id).Should().NotBeNull();

        (await _kit.Adoption.TakeUpAsync(default)).Should().BeTrue();
        _kit.Tasks.Find(first.Id).Should().NotBeNull();
    }

    [Test]
    public async Task Service_WhenHistoryIsSilentAtFirst_GoesOnUntilItTellsAndSweepsThen()
    {
        var (unstarted, forgotten) = (TaskKit.Earlier(isStarted: false), TaskKit.Earlier());
        _kit.Containers.Add(unstarted);
        _kit.Outputs.List().Returns([unstarted.Id, forgotten.Id]);
        _kit.IsHistorySilent = true;
        await _kit.Adoption.StartAsync(default);
        await _kit.UntilAsync(() => _kit.History.ReceivedCalls().Count() > 2);
        _kit.Outputs.DidNotReceiveWithAnyArgs().Remove(default!);

        _kit.IsHistorySilent = false;
        await _kit.UntilAsync(() => _kit.Outputs.ReceivedCalls().Any(call => call.GetMethodInfo().Name == "Remove"));

        _kit.Outputs.Received().Remove(forgotten.Id);
        _kit.Outputs.DidNotReceive().Remove(unstarted.Id);
        await _kit.Adoption.StopAsync(default);
    }

    [Test]
    public async Task Service_WhenAnHourHasPassed_SweepsAgain()
    {
        await _kit.Adoption.StartAsync(default);
        await WaitFor.TrueAsync(() => CountSweeps() == 1, "it sweeps at the start");

        await WaitFor.TrueAsync(
            () =>
            {
                _kit.Clock.Advance(TimeSpan.FromHours(1));
                return CountSweeps() > 1;
            },
            "it sweeps again");

        await _kit.Adoption.StopAsync(default);

        int CountSweeps() => _kit.Outputs.ReceivedCalls().Count(call => call.GetMethodInfo().Name == "List");
    }
}
