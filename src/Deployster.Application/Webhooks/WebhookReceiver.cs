using System.Security.Cryptography;
using System.Text;

namespace Deployster.Application.Webhooks;

/// <summary>Whom to tell. Its URL is a secret: whoever knows it can write to the chat behind it.</summary>
public sealed record WebhookReceiver
{
    private const string TextAlonePrefix = "slack+";

    private WebhookReceiver(Uri url, bool takesTextAlone)
    {
        Url = url;
        TakesTextAlone = takesTextAlone;
        Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{takesTextAlone} {url.AbsoluteUri}")))[..32];
    }

    /// <summary>Where it is told, in HTTP or HTTPS.</summary>
    public Uri Url { get; }

    /// <summary>Whether it takes a text alone, as Slack and chats that are like it do.</summary>
    public bool TakesTextAlone { get; }

    /// <summary>What stands for it where its URL must not: the same over restarts, and nobody can read the URL from it.</summary>
    public string Key { get; }

    /// <summary>All of its URL that may be shown.</summary>
    public string Host => Url.Host;

    /// <summary>Reads a URL of http or https, or one of slack+http or slack+https; null where <paramref name="text"/> is none.</summary>
    public static WebhookReceiver? Read(string text)
    {
        var takesTextAlone = text.StartsWith(TextAlonePrefix, StringComparison.OrdinalIgnoreCase);
        return Uri.TryCreate(takesTextAlone ? text[TextAlonePrefix.Length..] : text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url.Host.Length > 0
                ? new WebhookReceiver(url, takesTextAlone)
                : null;
    }

    /// <inheritdoc />
    public override string ToString() => Host;
}
