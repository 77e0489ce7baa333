using Deployster.Domain.Names;

namespace Deployster.Application.Webhooks;

/// <summary>The deliveries of one service to one receiver, in order. Only the outbox changes it.</summary>
internal sealed class OutboxLine(WebhookReceiver receiver, ServiceName service)
{
    public WebhookReceiver Receiver => receiver;

    public ServiceName Service => service;

    /// <summary>Those that are left, each with the moment after which it is not tried any more, in monotonic time.</summary>
    public List<(Delivery Delivery, TimeSpan End)> Waiting { get; } = [];
}
