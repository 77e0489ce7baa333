namespace Deployster.Application.Webhooks;

/// <summary>Brings a delivery to its receiver.</summary>
public interface IWebhookSender
{
    /// <summary>Tries once, for ten seconds at the most. Trouble is an answer and no exception.</summary>
    Task<DeliveryAnswer> SendAsync(WebhookReceiver receiver, Delivery delivery, CancellationToken cancellationToken);
}
