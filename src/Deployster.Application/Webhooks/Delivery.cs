using Deployster.Domain.Names;

namespace Deployster.Application.Webhooks;

/// <summary>An event on its way to a receiver.</summary>
/// <param name="Receiver">The receiver's <see cref="WebhookReceiver.Key"/>.</param>
/// <param name="Id">Its id, which is the same however often it is tried, and over restarts.</param>
/// <param name="Service">The service: its deliveries come in order.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Body">What is sent, as JSON.</param>
public sealed record Delivery(string Receiver, Guid Id, ServiceName Service, string Event, DateTimeOffset Time, string Body)
{
    /// <summary>What tells it from others.</summary>
    public DeliveryKey Key => new(Receiver, Id);
}

/// <summary>What tells a delivery from others.</summary>
/// <param name="Receiver">The receiver's <see cref="WebhookReceiver.Key"/>.</param>
/// <param name="Id">The delivery's id.</param>
public readonly record struct DeliveryKey(string Receiver, Guid Id);
