using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>
/// The credentials for registries that <c>docker login</c> has stored. They are read anew for each pull, so that a login
/// counts at once.
/// </summary>
internal sealed partial class RegistryCredentials(DockerOptions options, ILogger<RegistryCredentials> logger)
{
    private const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>The credentials for an image's registry; none where it is open to everybody, or nobody has logged in.</summary>
    public async Task<AuthConfig> FindAsync(string image, CancellationToken cancellationToken)
    {
        var registry = RegistryOf(image);
        var path = Path.Combine(options.ConfigFolder, "config.json");
        try
        {
            if (File.Exists(path) && JsonNode.Parse(await File.ReadAllTextAsync(path, cancellationToken)) is JsonObject config)
            {
                var helper = (string?)config["credHelpers"]?[registry] ?? (string?)config["credsStore"];
                return (helper is null ? null : await CredentialHelper.AskAsync(helper, registry, cancellationToken))
                    ?? FindLogin(config["auths"] as JsonObject, registry)
                    ?? new AuthConfig();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            LogUnreadable(path, registry, e.Message);
        }

        return new AuthConfig();
    }

    /// <summary>The registry that an image is pulled from, as <c>config.json</c> names it.</summary>
    internal static string RegistryOf(string image)
    {
        var first = image.Split('/')[0];
        return first.Length < image.Length && (first.Contains('.') || first.Contains(':') || first == "localhost")
            ? first is "docker.io" or "index.docker.io" ? DockerHub : first
            : DockerHub;
    }

    private static AuthConfig? FindLogin(JsonObject? logins, string registry)
    {
        // Older logins are stored under an URL.
        var login = logins?.FirstOrDefault(entry => entry.Key == registry || HostOf(entry.Key) == HostOf(registry)).Value as JsonObject;
        if (login is null)
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String((string?)login["auth"] ?? "")).Split(':', 2);
        return new AuthConfig
        {
            Username = pair.Length == 2 ? pair[0] : (string?)login["username"],
            Password = pair.Length == 2 ? pair[1].TrimEnd('\0') : (string?)login["password"],
            IdentityToken = (string?)login["identitytoken"],
            ServerAddress = registry,
        };
    }

    private static string HostOf(string registry)
    {
        var start = registry.IndexOf("://", StringComparison.Ordinal);
        return (start < 0 ? registry : registry[(start + 3)..]).Split('/')[0];
    }

    [LoggerMessage(LogLevel.Warning, "The credentials for {Registry} could not be read from {Path}: {Cause}")]
    private partial void LogUnreadable(string path, string registry, string cause);
}
