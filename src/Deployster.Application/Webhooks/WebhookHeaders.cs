namespace Deployster.Application.Webhooks;

/// <summary>The headers of a delivery.</summary>
public static class WebhookHeaders
{
    /// <summary>The event's name.</summary>
    public const string Event = "X-Deployster-Event";

    /// <summary>The delivery's id.</summary>
    public const string Delivery = "X-Deployster-Delivery";

    /// <summary><c>sha256=</c> and the HMAC-SHA256 of the body, in hexadecimal digits.</summary>
    public const string Signature = "X-Deployster-Signature-256";
}
