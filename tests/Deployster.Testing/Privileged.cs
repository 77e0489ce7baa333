using System.Diagnostics;

namespace Deployster.Testing;

/// <summary>Runs commands that take root, by a sudo that asks nothing where the tests are not root.</summary>
internal static class Privileged
{
    /// <summary>What stands before a command that takes root.</summary>
    public static IReadOnlyList<string> Prefix { get; } = Environment.IsPrivilegedProcess ? [] : ["sudo", "-n"];

    /// <summary>Starts a command.</summary>
    public static Process Start(params string[] command)
    {
        string[] all = [.. Prefix, .. command];
        return Process.Start(new ProcessStartInfo(all[0], all[1..])
        {
            Environment = { ["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin" },
        })!;
    }

    /// <summary>Runs a command to its end; gives its exit code.</summary>
    public static async Task<int> RunAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
