using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Application.Tests.Kit;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using static Deployster.Application.Tests.Webhooks.WebhookScene;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>What is under way, in which number, and that nothing is twice.</summary>
internal sealed class OutboxTests
{
    [Test]
    public async Task Make_ForSeveralReceivers_GivesEachItsBodyAndAnIdOfItsOwn()
    {
        await using var scene = new WebhookScene(Tool, Chat);

        var deliveries = scene.Make("v1");

        deliveries.Select(delivery => (delivery.Receiver, delivery.Body)).Should().Equal((Tool.Key, "body of deploy.v1"), (Chat.Key, "text"));
        deliveries.Select(delivery => delivery.Id).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task Make_OfTheSameEventInAnotherProcess_GivesTheSameId()
    {
        await using var scene = new WebhookScene();
        await using var other = new WebhookScene();

        scene.Make("v1").Should().Equal(other.Make("v1"));
        scene.Make("v1").Single().Id.Should().NotBe(scene.Make("v2").Single().Id).And.NotBe(scene.Make("v1", "worker").Single().Id);
    }

    [Test]
    public async Task Add_OfWhatIsUnderWayOrDoneWith_SendsItOnce()
    {
        await using var scene = new WebhookScene();
        var deliveries = scene.Make("v1");
        scene.Outbox.Add(deliveries);
        scene.Outbox.Add(deliveries);
        await scene.StartAsync();
        await TestDeployster.UntilAsync(() => scene.Outbox.Lines.Count == 0);

        scene.Store.Put(deliveries);
        scene.Outbox.Add(deliveries);

        await TestDeployster.UntilAsync(() => scene.Store.Kept.Count == 0);
        scene.Tried().Should().ContainSingle("only its record was left to be forgotten");
    }

    [Test]
    public async Task Add_WhenAReceiverHasTooManyWaiting_DropsTheOldestOfTheServiceThatHasMost()
    {
        await using var scene = new WebhookScene(Tool, Chat);
        scene.Outbox.Add(scene.Make("v1", "worker"));
        for (var i = 0; i < Outbox.MostForEach + 5; i++)
        {
            scene.Outbox.Add(scene.Make($"v{i}"));
        }

        foreach (var receiver in new[] { Tool, Chat })
        {
            var lines = scene.Outbox.Lines.Where(line => line.Receiver == receiver).ToDictionary(line => line.Service.Value, line => line.Waiting);
            lines["worker"].Should().HaveCount(1);
            lines["railsapp"].Should().HaveCount(Outbox.MostForEach - 1);
            lines["railsapp"].Take(2).Select(waiting => waiting.Delivery.Event).Should().Equal(["deploy.v0", "deploy.v7"], "the first may be on its way");
        }

        scene.Warnings.Should().HaveCount(12).And.OnlyContain(line => !line.Contains("s3cret"));
    }

    [Test]
    public async Task TrySave_OfADeployWhileTheHistoryIsSilent_TellsItFromMemory()
    {
        await using var scene = new WebhookScene();
        var history = Substitute.For<IDeployHistory>();
        history.SaveAsync(default!, default!, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("it is locked"));
        var archive = new DeployArchive(history, scene.Clock, NullLogger<DeployArchive>.Instance, scene.Outbox);
        var now = scene.Clock.GetUtcNow();
        var deploy = Sample.Record(new DeployId(Sample.Service, VersionTag.Parse("v1"), DeployTimestamp.At(now)), DeployStatus.Succeeded) with { EndedAt = now };
        await scene.StartAsync();

        for (var i = 0; i < 2; i++)
        {
            await archive.TrySaveAsync(new LiveRollout(deploy, RolloutMemory.Begin(new Deploy(deploy.DeployId, deploy.Intention), TimeSpan.Zero), []), default);
            scene.Clock.Advance(DeployArchive.RetryAfter);
        }

        await scene.UntilTriedAsync(2);
        scene.Tried().Should().Equal("railsapp deploy.requested", "railsapp deploy.succeeded");
    }

    [Test]
    public async Task Save_OfATaskWhileTheHistoryIsSilent_TellsItFromMemory()
    {
        await using var scene = new WebhookScene();
        var history = Substitute.For<ITaskHistory>();
        history.SaveAsync(default!, default).ThrowsAsyncForAnyArgs(new HistoryUnavailableException("it is locked"));
        var archive = new TaskArchive(history, Substitute.For<ITaskOutputs>(), NullLogger<TaskArchive>.Instance, scene.Outbox);
        var now = scene.Clock.GetUtcNow();
        var task = new TaskRecord
        {
            Id = TaskId.New(now),
            Service = Sample.Service,
            Version = VersionTag.Parse("v1"),
            Image = "mycompany/railsapp:v1",
            Command = ["true"],
            Timeout = TimeSpan.FromMinutes(1),
            RequestedAt = now,
            EndedAt = now,
            End = TaskEnd.Exited(0),
        };
        await scene.StartAsync();

        await archive.Awaiting(it => it.SaveAsync(task, default)).Should().ThrowAsync<HistoryUnavailableException>();

        await scene.UntilTriedAsync(1);
        scene.Tried().Should().Equal("railsapp task.ended");
    }
}
