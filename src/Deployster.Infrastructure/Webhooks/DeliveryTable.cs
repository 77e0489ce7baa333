using Deployster.Application.History;
using Deployster.Application.Tasks;
using Deployster.Application.Webhooks;
using Deployster.Domain.Rollouts;
using Deployster.Infrastructure.History;

namespace Deployster.Infrastructure.Webhooks;

/// <summary>The deliveries in the history's file.</summary>
internal sealed class DeliveryTable(HistoryDatabase database, Outbox outbox, TimeProvider time) : IDeliveryStore
{
    public async Task<IReadOnlyList<Delivery>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            session => session.Query<DeliveryRow>("SELECT * FROM Deliveries ORDER BY Number"), cancellationToken);
        return [.. rows.Select(row => row.Read()).OfType<Delivery>()];
    }

    public Task RemoveAsync(IReadOnlyCollection<DeliveryKey> deliveries, CancellationToken cancellationToken) =>
        database.RunAsync(
            session => session.Write(() =>
            {
                session.Execute(
                    "DELETE FROM Deliveries WHERE Receiver = @Receiver AND Id = @Id",
                    deliveries.Select(key => new { key.Receiver, Id = key.Id.ToString("D") }));
                return deliveries.Count;
            }),
            cancellationToken);

    /// <summary>Writes what there is to tell of a deploy, in the transaction that writes the deploy.</summary>
    /// <returns>What the outbox is to be given once the transaction is done.</returns>
    public IReadOnlyList<Delivery> Write(HistorySession session, DeployStatus? before, DeployRecord deploy) =>
        Write(session, WebhookRules.Of(before, deploy, time.GetUtcNow()));

    /// <summary>Writes what there is to tell of a task, in the transaction that writes the task.</summary>
    /// <returns>What the outbox is to be given once the transaction is done.</returns>
    public IReadOnlyList<Delivery> Write(HistorySession session, bool hadEnded, TaskRecord task) =>
        Write(session, WebhookRules.Of(hadEnded, task, time.GetUtcNow()));

    /// <summary>Has deliveries sent that are written down.</summary>
    public void Send(IReadOnlyList<Delivery> deliveries)
    {
        if (deliveries.Count > 0)
        {
            outbox.Add(deliveries);
        }
    }

    private IReadOnlyList<Delivery> Write(HistorySession session, IEnumerable<WebhookEvent> events)
    {
        var deliveries = outbox.Make(events);
        session.Execute(
            """
            INSERT INTO Deliveries (Receiver, Id, Service, Event, Time, Body)
            VALUES (@Receiver, @Id, @Service, @Event, @Time, @Body)
            ON CONFLICT (Receiver, Id) DO NOTHING
            """,
            deliveries.Select(DeliveryRow.Of));
        return deliveries;
    }
}
