using System.Diagnostics;

namespace Deployster.Testing;

/// <summary>Deployster's program: the published one that the environment names, else as the build has made it.</summary>
internal static class DeploysterProgram
{
    /// <summary>The variable of the environment that names the folder of a published Deployster.</summary>
    private const string Published = "DEPLOYSTER_PUBLISHED";

    /// <summary>How it is started with options; without the variables that would be options as well.</summary>
    /// <param name="args">The command line options.</param>
    /// <param name="environment">The environment besides the own.</param>
    /// <param name="prefix">What stands before its command line.</param>
    public static ProcessStartInfo StartInfo(
        IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment, IReadOnlyList<string>? prefix = null)
    {
        string[] command = ["dotnet", FindProgram(), .. args];
        if (prefix is { Count: > 0 })
        {
            // What the prefix starts keeps not all of the environment, and it need not be meant for the prefix itself.
            var variables = (environment ?? new Dictionary<string, string>()).Append(new("PATH", Environment.GetEnvironmentVariable("PATH")!));
            command = [.. prefix, "env", .. variables.Select(variable => $"{variable.Key}={variable.Value}"), .. command];
            environment = null;
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DEPLOYSTER_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    // Beside the tests that refer to its project, else where a build of the same configuration puts it.
    private static string FindProgram()
    {
        const string Program = "deployster.dll";
        if (Environment.GetEnvironmentVariable(Published) is { Length: > 0 } published)
        {
            return Path.Combine(published, Program);
        }

        var own = new DirectoryInfo(AppContext.BaseDirectory);
        if (File.Exists(Path.Combine(own.FullName, "deployster.runtimeconfig.json")))
        {
            return Path.Combine(own.FullName, Program);
        }

        var output = Path.Combine("bin", own.Parent!.Name, own.Name, Program);
        for (var folder = own; folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "src", "Deployster.Api", output);
            if (File.Exists(built))
            {
                return built;
            }
        }

        throw new InvalidOperationException($"{Program} is neither in {own} nor built: build src/Deployster.Api first.");
    }
}
