using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Tests.History;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Infrastructure.Tests.Webhooks;

/// <summary>Deliveries are written with what they tell of, or not at all.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeliveryTableTests : IDisposable
{
    private static readonly WebhookReceiver[] s_receivers =
        [WebhookReceiver.Read("https://tool.example.com/s3cret")!, WebhookReceiver.Read("slack+https://chat.example.com/s3cret")!];

    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Save_OfADeployThatBeginsAndEnds_KeepsItsDeliveriesOverARestart()
    {
        using (var killed = Open())
        {
            await SaveAsync(killed, DeployStatus.InProgress);
            await SaveAsync(killed, DeployStatus.InProgress);
            await SaveAsync(killed, DeployStatus.Succeeded);
            await SaveAsync(killed, DeployStatus.Succeeded);
        }

        using var next = Open();
        var deliveries = await next.Deliveries.ListAsync(default);

        deliveries.Select(delivery => delivery.Event).Should().Equal(
            "deploy.requested", "deploy.requested", "deploy.succeeded", "deploy.succeeded");
        deliveries.Select(delivery => delivery.Receiver).Distinct().Should().Equal(s_receivers.Select(receiver => receiver.Key));
        deliveries.Should().OnlyContain(delivery => delivery.Service == Records.Service);
        deliveries[3].Time.Should().Be(Ended);
    }

    [Test]
    public async Task Save_OfATaskThatEnds_KeepsItsDeliveries()
    {
        using var history = Open();
        var task = new TaskRecord
        {
            Id = TaskId.New(Ended),
            Service = Records.Service,
            Version = VersionTag.Parse("v1"),
            Image = "mycompany/railsapp:v1",
            Command = ["true"],
            Timeout = TimeSpan.FromMinutes(1),
            RequestedAt = Ended,
        };

        await history.Tasks.SaveAsync(task, default);
        (await history.Deliveries.ListAsync(default)).Should().BeEmpty();
        await history.Tasks.SaveAsync(task with { End = TaskEnd.Exited(1), EndedAt = Ended }, default);
        await history.Tasks.SaveAsync(task with { End = TaskEnd.Exited(1), EndedAt = Ended }, default);

        (await history.Deliveries.ListAsync(default)).Select(delivery => delivery.Event).Should().Equal("task.ended", "task.ended");
    }

    [Test]
    public async Task Save_WhenTheTransactionFails_KeepsNeither()
    {
        using var history = Open();
        await SaveAsync(history, DeployStatus.InProgress);
        using var other = _folder.Connect("CREATE TRIGGER Fails BEFORE UPDATE ON Deploys BEGIN SELECT RAISE(ABORT, 'no'); END");

        await FluentActions.Awaiting(() => SaveAsync(history, DeployStatus.Failed)).Should().ThrowAsync<HistoryUnavailableException>();

        (await history.Deliveries.ListAsync(default)).Should().HaveCount(2).And.OnlyContain(delivery => delivery.Event == "deploy.requested");
        HistoryFolder.Execute(other, "DROP TRIGGER Fails");
        await SaveAsync(history, DeployStatus.Failed);
        (await history.Deliveries.ListAsync(default)).Select(delivery => delivery.Event).Should().Equal(
            "deploy.requested", "deploy.requested", "deploy.failed", "deploy.failed");
    }

    [Test]
    public async Task Remove_OfSome_LeavesTheOthersInOrder()
    {
        using var history = Open();
        await SaveAsync(history, DeployStatus.InProgress);
        await SaveAsync(history, DeployStatus.Cancelled);
        var all = await history.Deliveries.ListAsync(default);

        await history.Deliveries.RemoveAsync([all[0].Key, all[2].Key, new DeliveryKey("unknown", Guid.Empty)], default);

        (await history.Deliveries.ListAsync(default)).Should().Equal(all[1], all[3]);
    }

    [Test]
    public async Task Save_WithoutReceivers_KeepsNoDelivery()
    {
        using (var history = _folder.Open())
        {
            await history.History.SaveAsync(Deploy(DeployStatus.InProgress), [], default);
            await history.History.SaveAsync(Deploy(DeployStatus.Succeeded), [], default);
        }

        using var next = Open();
        (await next.Deliveries.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task Save_OfADeployThatHadEndedBeforeThereWereReceivers_KeepsNoDelivery()
    {
        using (var history = _folder.Open())
        {
            await history.History.SaveAsync(Deploy(DeployStatus.Succeeded), [], default);
        }

        using var next = Open();
        await SaveAsync(next, DeployStatus.Succeeded);

        (await next.Deliveries.ListAsync(default)).Should().BeEmpty();
    }

    [Test]
    public async Task File_WithDeliveries_HoldsNoUrl()
    {
        using (var history = Open())
        {
            await SaveAsync(history, DeployStatus.InProgress);
        }

        (await File.ReadAllTextAsync(_folder.Database)).Should().NotContain("s3cret").And.NotContain("example.com/");
    }

    private static DateTimeOffset Ended { get; } = Records.Noon.AddHours(3).AddMinutes(54);

    private HistoryInstance Open() => _folder.Open(receivers: s_receivers);

    private static Task SaveAsync(HistoryInstance history, DeployStatus status) => history.History.SaveAsync(Deploy(status), [], default);

    private static DeployRecord Deploy(DeployStatus status)
    {
        var deploy = Records.Deploy(220, status: status);
        return deploy with { EndedAt = status == DeployStatus.InProgress ? null : Ended };
    }
}
