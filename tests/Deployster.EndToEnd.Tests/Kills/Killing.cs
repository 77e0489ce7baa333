using Deployster.Testing;

namespace Deployster.EndToEnd.Tests.Kills;

/// <summary>What kills Deployster in the middle of a rollout, and sees what became of it.</summary>
internal static class Killing
{
    /// <summary>Deploys a version in the place of what runs, kills Deployster after a while, and starts it again.</summary>
    public static async Task DeployAndKillAsync(this DeploysterProcess deployster, string service, string version, TimeSpan after)
    {
        await deployster.Api.DeployAsync(service, new { Version = version, DestroyPrevious = true });
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
