using System.Collections.Immutable;
using Deployster.Application.Errors;
using Deployster.Application.Tasks;
using Deployster.Application.Tests.Kit;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using NSubstitute.Extensions;

namespace Deployster.Application.Tests.Tasks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RunTaskTests
{
    private readonly TaskKit _kit = new();

    [Test]
    public async Task Run_WhenNothingRuns_StartsTheImageOfTheConvention()
    {
        var record = await _kit.RunAsync();

        var task = _kit.Started.Should().ContainSingle().Subject;
        task.Record.Image.Should().Be(TaskKit.Image);
        task.Record.Command.Should().Equal("rake", "db:migrate");
        task.Spec.AllEnv.Should().BeEmpty();
        record.Timeout.Should().Be(TimeSpan.FromMinutes(10));
        record.StartedAt.Should().Be(_kit.Clock.GetUtcNow());
        _kit.Saved[record.Id].StartedAt.Should().NotBeNull();
    }

    [Test]
    public async Task Run_WhenAVersionRuns_InheritsItsEnvironmentAndVolumesAndPutsItsOwnOverThem()
    {
        var spec = DeploySpec.Default with
        {
            Env = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [new("A", "1"), new KeyValuePair<string, string>("B", "1")]),
            Volumes = [new Volume("/srv", "/data")],
        };
        var deploy = Sample.DeployId("v0");
        _kit.Fleet.Put(deploy.Unit(1), Sample.Intention(deploy, spec));

        await _kit.RunAsync(TaskKit.Request() with { Env = new Dictionary<string, string?> { ["B"] = "2" } });

        _kit.Started[0].Spec.AllEnv.Should().Equal(new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" });
        _kit.Started[0].Spec.Volumes.Should().Equal(spec.Volumes);
    }

    [Test]
    public async Task Run_WhenImageIsPrepared_StartsAndRemembersThatVeryImage()
    {
        var record = await _kit.RunAsync();

        _kit.Started[0].Record.ImageId.Should().Be(TaskKit.ImageId);
        _kit.Saved[record.Id].ImageId.Should().Be(TaskKit.ImageId);
    }

    [Test]
    public async Task Run_WhenOutputOfAForgottenTaskCannotBeRemoved_StartsAllTheSame()
    {
        _kit.Outputs.When(it => it.Remove(Arg.Any<TaskId>())).Throw(new IOException("Device or resource busy"));
        _kit.History.Configure().SaveAsync(default!, default).ReturnsForAnyArgs([TaskKit.Earlier().Id]);

        await _kit.Handler().Invoking(it => it.Handle(TaskKit.Request(), default)).Should().NotThrowAsync();

        _kit.Started.Should().ContainSingle();
    }

    [Test]
    public async Task Run_WhenCommandIsLine_SplitsIt()
    {
        await _kit.RunAsync(TaskKit.Request(new CommandText("rake \"db:migrate VERSION=1\"")));

        _kit.Started[0].Record.Command.Should().Equal("rake", "db:migrate VERSION=1");
    }

    [Test]
    public async Task Run_WhenEntrypointIsShell_GivesItTheLineAsItIs()
    {
        _kit.Engine.PrepareImageAsync(default!, default).ReturnsForAnyArgs(new TaskImage(TaskKit.ImageId, ["/bin/bash", "-lc"]));

        var record = await _kit.RunAsync(TaskKit.Request(new CommandText("rake db:migrate && echo \"$HOME\"")));

        record.Command.Should().Equal("rake db:migrate && echo \"$HOME\"");
    }

    [Test]
    public async Task Run_WhenAsManyRunAsMay_IsRefusedUntilOneHasEnded()
    {
        var kit = new TaskKit(limit: 1);
        var first = await kit.RunAsync();

        await kit.Invoking(it => it.RunAsync()).Should().ThrowAsync<TaskLimitException>();
        kit.Output.End();
        kit.Exit.SetResult(0);
        await kit.EndAsync(first.Id);
        await kit.Invoking(it => it.RunAsync()).Should().NotThrowAsync();
    }

    [Test]
    public async Task Run_WhenImageIsRefused_IsWrittenDownAsFailedWithoutTouchingContainers()
    {
        _kit.Engine.PrepareImageAsync(default!, default).ThrowsAsyncForAnyArgs(new TaskRefusedException("There is no such image."));

        await _kit.Invoking(it => it.RunAsync()).Should().ThrowAsync<TaskRefusedException>();

        _kit.Saved.Values.Single().End.Should().Be(TaskEnd.Lost("There is no such image."));
        await _kit.Engine.DidNotReceiveWithAnyArgs().RemoveAsync(default!, default);
    }

    [Test]
    public async Task Run_WhenStartFails_RemovesTheContainer()
    {
        _kit.Engine.StartAsync(default!, default).ThrowsAsyncForAnyArgs(new TaskRefusedException("There is no such program."));

        await _kit.Invoking(it => it.RunAsync()).Should().ThrowAsync<TaskRefusedException>();

        await _kit.Engine.Received(1).RemoveAsync(_kit.Saved.Keys.Single(), Arg.Any<CancellationToken>());
    }

    [Test]
    public async Task Run_WhenClientGoesAwayDuringThePull_StartsAllTheSame()
    {
        var pull = new TaskCompletionSource<TaskImage>();
        _kit.Engine.PrepareImageAsync(default!, default).ReturnsForAnyArgs(pull.Task);
        using var client = new CancellationTokenSource();
        var request = _kit.Handler().Handle(TaskKit.Request(), client.Token);
        await WaitFor.TrueAsync(() => _kit.Engine.ReceivedCalls().Any(), "the image is pulled");
        await client.CancelAsync();
        await request.Invoking(it => it).Should().ThrowAsync<OperationCanceledException>();

        pull.SetResult(new TaskImage(TaskKit.ImageId, []));

        await WaitFor.TrueAsync(() => _kit.Started.Count == 1, "it starts");
    }

    [Test]
    public async Task Cancel_WhenImageIsBeingPulled_EndsTheTaskWithoutContainer()
    {
        _kit.Engine.PrepareImageAsync(default!, default).ReturnsForAnyArgs(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            return new TaskImage(TaskKit.ImageId, []);
        });
        var request = _kit.RunAsync();
        await WaitFor.TrueAsync(() => _kit.Saved.Count == 1, "it is written down");

        await CancelAsync(_kit.Saved.Keys.Single().Value);

        (await request).End!.Status.Should().Be(TaskRunStatus.Cancelled);
        _kit.Started.Should().BeEmpty();
    }

    [Test]
    public async Task Cancel_WhenTaskHasEndedOtherwise_IsAConflict()
    {
        var record = await _kit.RunAsync();
        _kit.Output.End();
        _kit.Exit.SetResult(0);
        await _kit.EndAsync(record.Id);

        (await this.Invoking(it => it.CancelAsync(record.Id.Value)).Should().ThrowAsync<ConflictException>())
            .WithMessage("The task has ended already: Exited (0)");
    }

    [TestCase("019352a1b7c47d0e9f7b6a5c4d3e2f10")]
    [TestCase("../etc")]
    public async Task Cancel_WhenThereIsNoSuchTask_IsNotFound(string id) =>
        await this.Invoking(it => it.CancelAsync(id)).Should().ThrowAsync<NotFoundException>();

    private async Task CancelAsync(string id) =>
        await new CancelTaskHandler(new TaskFinder(_kit.Tasks, _kit.History)).Handle(new CancelTask(id), default);
}
