using System.Diagnostics;
using Deployster.Testing;
using FluentAssertions;

namespace Deployster.EndToEnd.Tests;

/// <summary>Runs what a person would type in the project's folder.</summary>
internal static class Shell
{
    /// <summary>Runs a script and gives what it prints; it must end well.</summary>
    public static async Task<string> RunAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = ProjectFolder.Root,
        })!;
        var error = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        bash.ExitCode.Should().Be(0, "of {0}\n{1}\n{2}", script, output, await error);
        return output;
    }
}
