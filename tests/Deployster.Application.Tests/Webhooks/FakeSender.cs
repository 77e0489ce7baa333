using System.Collections.Concurrent;
using Deployster.Application.Webhooks;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>Receivers that answer as a test says.</summary>
internal sealed class FakeSender(TimeProvider clock) : IWebhookSender
{
    public sealed record Attempt(WebhookReceiver Receiver, Delivery Delivery, DateTimeOffset Time);

    public ConcurrentQueue<Attempt> Attempts { get; } = new();

    public Func<Attempt, CancellationToken, Task<DeliveryAnswer>> Answer { get; set; } = (_, _) => Task.FromResult(DeliveryAnswer.Taken);

    public async Task<DeliveryAnswer> SendAsync(WebhookReceiver receiver, Delivery delivery, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(receiver, delivery, clock.GetUtcNow());
        Attempts.Enqueue(attempt);
        return await Answer(attempt, cancellationToken);
    }
}
