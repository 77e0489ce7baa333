using Deployster.Application.History;
using Deployster.Application.Tasks;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace Deployster.Application.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TaskSweepTests
{
    private readonly TaskKit _kit = new();

    [Test]
    public async Task Sweep_WhenHistoryDoesNotKnowATask_RemovesItsOutputAndNoOther()
    {
        var (forgotten, known) = (TaskKit.Earlier(), TaskKit.Earlier());
        _kit.Saved[known.Id] = known;
        _kit.Outputs.List().Returns([forgotten.Id, known.Id]);

        await _kit.Sweep.SweepAsync(default);

        _kit.Outputs.Received(1).Remove(forgotten.Id);
        _kit.Outputs.DidNotReceive().Remove(known.Id);
    }

    [Test]
    public async Task Sweep_WhenHistoryIsSilent_RemovesNothing()
    {
        _kit.Outputs.List().Returns([TaskKit.Earlier().Id]);
        _kit.IsHistorySilent = true;

        await _kit.Sweep.SweepAsync(default);

        _kit.Outputs.DidNotReceiveWithAnyArgs().Remove(default!);
    }

    [Test]
    public async Task Sweep_WhenTaskIsLiveOrNotYetWrittenDown_LeavesIt()
    {
        _kit.History.Configure().SaveAsync(default!, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("It can only be read."));
        var id = (await RunAsync()).Id;
        _kit.Outputs.List().Returns([id]);
        await _kit.Sweep.SweepAsync(default);

        _kit.Output.End();
        _kit.Exit.SetResult(0);
        await _kit.UntilAsync(() => _kit.Tasks.Find(id) is null);
        await _kit.Sweep.SweepAsync(default);

        _kit.Outputs.DidNotReceiveWithAnyArgs().Remove(default!);
    }

    [Test]
    public async Task Sweep_WhenOneCannotBeRemoved_RemovesTheOthers()
    {
        var (stuck, other) = (TaskKit.Earlier(), TaskKit.Earlier());
        _kit.Outputs.List().Returns([stuck.Id, other.Id]);
        _kit.Outputs.When(it => it.Remove(stuck.Id)).Throw(new IOException("Device or resource busy"));

        await _kit.Sweep.SweepAsync(default);

        _kit.Outputs.Received(1).Remove(other.Id);
    }

    private async Task<FollowedTask> RunAsync() => await _kit.Handler().Handle(TaskKit.Request(), default);
}
