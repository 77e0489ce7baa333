using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>An image cannot be pulled.</summary>
/// <param name="message">What the engine said.</param>
internal sealed partial class ImagePullException(string message) : Exception(message)
{
    // What stays as it is, however often it is asked again. All the rest is taken for trouble that may pass.
    private static readonly string[] s_refusals =
    [
        "manifest unknown", "name unknown", "not found", "does not exist", "unauthorized", "denied", "no basic auth credentials",
        "authentication required", "invalid reference format", "name invalid", "tag invalid", "no matching manifest",
        "unsupported", "server gave HTTP response to HTTPS client", "x509:",
    ];

    // A registry that is too busy may tell of logins, and a name that cannot be looked up is "not found" to some.
    private static readonly string[] s_troubles = ["toomanyrequests", "HTTP 429", "unexpected HTTP status: 5", "dial tcp", "lookup "];

    /// <summary>Whether trying again may help: the registry is away, or busy.</summary>
    public bool MayPass { get; } =
        s_troubles.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase))
        || !s_refusals.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>How long the registry wants to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = ReadRetryAfter(message);

    private static TimeSpan? ReadRetryAfter(string message) =>
        RetryAfterWords().Match(message) is { Success: true } match
        && double.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? match.Groups[2].Value switch
            {
                "µs" or "us" => TimeSpan.FromMicroseconds(number),
                "ms" => TimeSpan.FromMilliseconds(number),
                "m" => TimeSpan.FromMinutes(Math.Min(number, 60)),
                _ => TimeSpan.FromSeconds(Math.Min(number, 3600)),
            }
            : null;

    [GeneratedRegex(@"retry[- ]after:?\s*([0-9.]+)\s*(µs|us|ms|s|m)?", RegexOptions.IgnoreCase)]
    private static partial Regex RetryAfterWords();
}
