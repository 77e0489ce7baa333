using Deployster.Application.Output;
using Deployster.Application.Tasks;
using Deployster.Domain.Tasks;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Deployster.Application.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TaskWatchTests
{
    private readonly TaskKit _kit = new();

    [Test]
    public async Task Watch_WhenContainerEnds_TellsItsCodeKeepsItsOutputAndRemovesIt()
    {
        var record = await _kit.RunAsync();
        _kit.Output.Write("out");
        _kit.Output.Write("err", OutputSource.Stderr);
        _kit.Output.End();
        _kit.Exit.SetResult(7);

        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.Exited(7));
        _kit.Kept.TextOf().Should().Be("out");
        _kit.Kept.TextOf(OutputSource.Stderr).Should().Be("err");
        await _kit.Engine.Received(1).RemoveAsync(record.Id, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Watch_WhenTimeIsUp_StopsTheContainerThenAndNotBefore()
    {
        _kit.EndWhenStopped(exitCode: 0);
        var record = await _kit.RunAsync(TaskKit.Request() with { Timeout = 60 });
        await Task.Yield();
        await _kit.Engine.DidNotReceiveWithAnyArgs().StopAsync(default!, default);

        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.TimedOut(TimeSpan.FromSeconds(60)));
        ended.EndedAt.Should().BeOnOrAfter(record.StartedAt!.Value.AddSeconds(60));
    }

    [Test]
    public async Task Watch_WhenItCannotBeStoppedAtOnce_TriesAgain()
    {
        var tries = 0;
        _kit.Engine.StopAsync(default!, default).ReturnsForAnyArgs(_ =>
        {
            if (++tries < 3)
            {
                throw TaskKit.Away;
            }

            _kit.Output.End();
            _kit.Exit.TrySetResult(137);
            return Task.CompletedTask;
        });
        var record = await _kit.RunAsync(TaskKit.Request() with { Timeout = 1 });

        (await _kit.EndAsync(record.Id)).Status.Should().Be(TaskRunStatus.TimedOut);

        tries.Should().Be(3);
    }

    [Test]
    public async Task Watch_WhenEngineGoesAwayAndComesBack_ReadsOnWhereItWas()
    {
        var record = await _kit.RunAsync();
        _kit.Output.Write("one two ");
        _kit.Output.End(TaskKit.Away);
        _kit.Log.Write("one ");
        _kit.Log.Write("two three");
        _kit.Log.End();
        _kit.Exit.SetResult(3);

        var ended = await _kit.EndAsync(record.Id);

        _kit.Kept.TextOf().Should().Be("one two three");
        ended.End!.ToString().Should()
            .Be("Exited (3) The engine was away while the task ran: unix:///docker.sock does not answer: Connection refused");
    }

    [Test]
    public async Task Watch_WhenMoreWasWrittenThanIsKept_MarksWhatMayBeMissing()
    {
        _kit.Kept.IsCut = true;
        var record = await _kit.RunAsync();
        _kit.Output.End(TaskKit.Away);
        _kit.Log.Write("new");
        _kit.Log.End();
        _kit.Exit.SetResult(0);

        await _kit.EndAsync(record.Id);

        _kit.Kept.TextOf().Should().Be("new");
        _kit.Kept.TextOf(OutputSource.Stderr).Should().Contain("is missing here");
        await _kit.Engine.Received(1).ReadLogAsync(record.Id, fromStart: false, Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Watch_WhenEngineIsAwayForLong_MarksTheGapOnce()
    {
        var record = TaskKit.Earlier() with { Timeout = TimeSpan.FromDays(1) };
        _kit.Kept.IsCut = true;
        _kit.Containers.Add(record);
        var tries = 0;
        _kit.Engine.ReadLogAsync(default!, default, default).ReturnsForAnyArgs(_ => ++tries switch
        {
            20 => Task.FromResult<IOutputReader>(_kit.Log),
            10 => Task.FromResult<IOutputReader>(_kit.Output),
            _ => throw TaskKit.Away,
        });
        _kit.Output.End(TaskKit.Away);
        _kit.Log.Write("new");
        _kit.Log.End();
        _kit.Exit.SetResult(0);

        await _kit.Adoption.TakeUpAsync(default);
        await _kit.EndAsync(record.Id);

        tries.Should().Be(20);
        _kit.Kept.TextOf().Should().Be("new");
        _kit.Kept.TextOf(OutputSource.Stderr).Split("is missing here").Should().HaveCount(2);
    }

    [Test]
    public async Task Watch_WhenDiskIsFullAfterAGap_GoesOnAndMarksItLater()
    {
        var record = TaskKit.Earlier();
        (_kit.Kept.IsCut, _kit.Kept.IsFull) = (true, true);
        _kit.Containers.Add(record);
        _kit.Log.Write("lost");
        await _kit.Adoption.TakeUpAsync(default);
        await WaitFor.TrueAsync(() => _kit.Log.IsRead, "it is read");
        _kit.Tasks.Find(record.Id).Should().NotBeNull();

        _kit.Kept.IsFull = false;
        _kit.Log.Write("kept");
        _kit.Log.End();
        _kit.Exit.SetResult(0);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(0));
        _kit.Kept.TextOf().Should().Be("kept");
        _kit.Kept.TextOf(OutputSource.Stderr).Should().Contain("is missing here").And.Contain("4 bytes could not be kept.");
    }

    [Test]
    public async Task Watch_WhenSomethingUnexpectedFails_GoesOn()
    {
        var record = await _kit.RunAsync();
        _kit.Output.End(new InvalidOperationException("unexpected"));
        _kit.Log.End();
        _kit.Exit.SetResult(0);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(0));
    }

    [TestCase(-2)]
    [TestCase(2)]
    public async Task Watch_WhenTheClockIsSet_KeepsToTheTaskTime(int hours)
    {
        _kit.EndWhenStopped(exitCode: 0);
        var record = await _kit.RunAsync(TaskKit.Request() with { Timeout = 60 });
        var begun = _kit.Clock.GetTimestamp();

        _kit.Clock.Set(TimeSpan.FromHours(hours));
        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.TimedOut(TimeSpan.FromSeconds(60)));
        _kit.Clock.GetElapsedTime(begun).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(60)).And.BeLessThan(TimeSpan.FromMinutes(30));
        ended.EndedAt.Should().BeOnOrAfter(ended.StartedAt!.Value);
    }

    [Test]
    public async Task Watch_WhenAnAdoptedTaskBeganInTheFuture_GivesItItsTimeAtTheMost()
    {
        _kit.EndWhenStopped(exitCode: 0);
        var record = TaskKit.Earlier() with { StartedAt = _kit.Clock.GetUtcNow().AddDays(3) };
        _kit.Containers.Add(record);
        var begun = _kit.Clock.GetTimestamp();

        await _kit.Adoption.TakeUpAsync(default);
        var ended = await _kit.EndAsync(record.Id);

        ended.End.Should().Be(TaskEnd.TimedOut(record.Timeout));
        _kit.Clock.GetElapsedTime(begun).Should().BeGreaterThanOrEqualTo(record.Timeout).And.BeLessThan(TimeSpan.FromHours(1));
    }

    [Test]
    public async Task Watch_WhenTheClockIsSetAheadWhileTheEngineIsAway_KeepsWaitingForIt()
    {
        var record = await _kit.RunAsync(TaskKit.Request() with { Timeout = 86400 });
        _kit.Engine.ReadLogAsync(default!, default, default).ThrowsAsyncForAnyArgs(TaskKit.Away);
        _kit.Output.End(TaskKit.Away);
        _kit.Clock.Set(TimeSpan.FromDays(2));

        await _kit.UntilAsync(() => _kit.Engine.ReceivedCalls().Count(call => call.GetMethodInfo().Name == "ReadLogAsync") > 3);

        _kit.Tasks.Find(record.Id).Should().NotBeNull();
    }

    [Test]
    public async Task Watch_WhenEngineStaysAway_GivesUpSomeTimeAfterTheDeadline()
    {
        _kit.Engine.ReadLogAsync(default!, default, default).ThrowsAsyncForAnyArgs(TaskKit.Away);
        _kit.Engine.StopAsync(default!, default).ThrowsAsyncForAnyArgs(TaskKit.Away);
        var record = await _kit.RunAsync(TaskKit.Request() with { Timeout = 60 });
        _kit.Output.End(TaskKit.Away);

        var ended = await _kit.EndAsync(record.Id);

        ended.EndedAt.Should().BeAfter(record.StartedAt!.Value.AddSeconds(60) + TaskWatch.Patience);
    }

    [Test]
    public async Task Watch_WhenContainerIsGone_SaysSo()
    {
        var record = await _kit.RunAsync();
        _kit.Engine.ReadLogAsync(default!, default, default).ThrowsAsyncForAnyArgs(TaskKit.Gone);
        _kit.Output.End(TaskKit.Away);

        var ended = await _kit.EndAsync(record.Id);

        ended.End!.ToString().Should().Be("Exited (125) The task's container is gone: somebody else has removed it.");
    }

    [Test]
    public async Task Watch_WhenDiskIsFull_GoesOnAndMarksWhatIsMissing()
    {
        var record = await _kit.RunAsync();
        _kit.Kept.IsFull = true;
        _kit.Output.Write("lost");
        await WaitFor.TrueAsync(() => _kit.Output.IsRead, "it is read");
        _kit.Kept.IsFull = false;
        _kit.Output.Write("kept");
        _kit.Output.End();
        _kit.Exit.SetResult(0);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(0));

        _kit.Kept.TextOf().Should().Be("kept");
        _kit.Kept.TextOf(OutputSource.Stderr).Should().Contain("4 bytes could not be kept.");
    }

    [Test]
    public async Task Watch_WhenDiskIsFullToTheEnd_SaysSoInTheEnd()
    {
        var record = await _kit.RunAsync();
        _kit.Kept.IsFull = true;
        _kit.Output.Write("lost");
        _kit.Output.End();
        _kit.Exit.SetResult(0);

        (await _kit.EndAsync(record.Id)).End!.ToString().Should().Be("Exited (0) The last 4 bytes of its output could not be kept.");
    }

    [Test]
    public async Task End_WhenContainerCannotBeRemoved_TellsTheEndAndTriesAgain()
    {
        var tries = 0;
        _kit.Engine.RemoveAsync(default!, default).ReturnsForAnyArgs(_ => ++tries < 3 ? throw TaskKit.Away : Task.CompletedTask);
        var record = await _kit.RunAsync();
        _kit.Output.End();
        _kit.Exit.SetResult(0);

        (await _kit.EndAsync(record.Id)).End.Should().Be(TaskEnd.Exited(0));

        await _kit.UntilAsync(() => tries == 3);
    }
}
