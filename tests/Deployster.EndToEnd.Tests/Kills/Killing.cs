using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Kills;

/// <summary>What kills Deployster in the middle of a rollout, and sees what became of it.</summary>
internal static class Killing
{
    /// <summary>The ways in which new units take the place of old ones, each with phases of its own.</summary>
    public static IReadOnlyList<object?> Strategies { get; } =
    [
        null,
        new { MaxSurge = 1 },
        new { MaxSurge = 0, MaxUnavailable = "50%" },
        new { MaxSurge = 0, MaxUnavailable = "100%" },
        new { MaxSurge = 1, Canary = 1, CanarySeconds = 1 },
    ];

    /// <summary>The strategy of a round: every other one has one, each in turn.</summary>
    public static object? StrategyOf(int round) => round % 2 == 1 ? null : Strategies[1 + (round / 2 % (Strategies.Count - 1))];

    /// <summary>Deploys a version in the place of what runs, kills Deployster after a while, and starts it again.</summary>
    public static async Task DeployAndKillAsync(
        this DeploysterProcess deployster, string service, string version, object? strategy, TimeSpan after, string? release = null)
    {
        string[] clear = [.. strategy is null ? ["strategy"] : Array.Empty<string>(), .. release is null ? ["release_command"] : Array.Empty<string>()];
        await deployster.Api.DeployAsync(
            service,
            new { Version = version, DestroyPrevious = true, Strategy = strategy, ReleaseCommand = release, Clear = clear });
        await Task.Delay(after);
        await deployster.KillAsync();
        await deployster.StartAgainAsync();
    }

    /// <summary>The versions of a service's units.</summary>
    public static async Task<string> VersionsAsync(this DeploysterProcess deployster, string service)
    {
        var units = await deployster.Api.GetAsync($"/v1/services/{service}/units");
        return string.Join(' ', units.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("version").GetString()));
    }
}
