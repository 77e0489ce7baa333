using System.Globalization;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Reads what the engine says of an image's HEALTHCHECK.</summary>
internal static class Healthchecks
{
    /// <summary>Whether there is one, and why it does not pass; null where it does.</summary>
    public static (bool Exists, string? Complaint) Read(global::Docker.DotNet.Models.Health? health) => health?.Status switch
    {
        null or "" or "none" => (false, null),
        "healthy" => (true, null),
        "unhealthy" when health.Log?.LastOrDefault() is { } last => (true, string.Create(
            CultureInfo.InvariantCulture,
            $"its HEALTHCHECK fails: exit code {last.ExitCode} {EngineMessage.ToLine(last.Output ?? "")}").TrimEnd()),
        var status => (true, $"its HEALTHCHECK is {status}"),
    };
}
