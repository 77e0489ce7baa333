namespace Deployster.Infrastructure.Docker.Images;

/// <summary>An image cannot be pulled.</summary>
/// <param name="message">What the engine said.</param>
/// <param name="isRefusal">Whether it will not be there later either: there is none, or nobody may have it.</param>
internal sealed class ImagePullException(string message, bool isRefusal) : Exception(message)
{
    // What the engine and registries write when another try would not help. All else may pass: a registry that is away,
    // that is overloaded, or that limits how often it is asked.
    private static readonly string[] s_refusals =
    [
        "manifest unknown", "not found", "name unknown", "repository name not known", "does not exist", "access denied", "denied:",
        "unauthorized", "authentication required", "no basic auth credentials", "incorrect username or password",
        "no matching manifest", "invalid reference", "unsupported", "no such image",
    ];

    /// <summary>Whether it will not be there later either.</summary>
    public bool IsRefusal { get; } = isRefusal;

    /// <summary>The exception for what the engine said.</summary>
    public static ImagePullException Of(string message) => new(
        message,
        s_refusals.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase))
            && !message.Contains("toomanyrequests", StringComparison.OrdinalIgnoreCase)
            && !message.Contains("unexpected HTTP status: 5", StringComparison.OrdinalIgnoreCase));
}
