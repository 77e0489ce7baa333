namespace Deployster.Application.Webhooks;

/// <summary>Writes events as receivers get them.</summary>
public interface IWebhookBodies
{
    /// <summary>The JSON with the event, its text, and the deploy or task as the API shows it to a reader: without values of the environment.</summary>
    string Write(WebhookEvent happened);

    /// <summary>The JSON with the text alone, as Slack takes it.</summary>
    string WriteTextAlone(WebhookEvent happened);
}
