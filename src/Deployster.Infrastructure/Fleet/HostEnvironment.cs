using System.Text.RegularExpressions;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// Brings a container's variables through the environment of the unit's own commands, so that no value stands on a
/// command line. A variable that would change how those commands themselves run goes by another name there.
/// </summary>
internal static partial class HostEnvironment
{
    private const string Alias = "DEPLOYSTER_";

    private static readonly string[] s_names = ["PATH", "HOME", "IFS", "ENV", "BASH_ENV", "MAINPID"];
    private static readonly string[] s_prefixes = ["LD_", "DOCKER_", "ETCDCTL_", "COREOS_", "DEPLOYSTER_"];

    /// <summary>Whether systemd takes a variable of this name.</summary>
    public static bool CanHold(string name) => Identifier().IsMatch(name);

    /// <summary>The value of <c>Environment=</c> that sets a variable.</summary>
    public static string Assign(string name, string value) => Systemd.Assignment(IsTheHosts(name) ? Alias + name : name, value);

    /// <summary>The argument of <c>docker run -e</c> that hands it on.</summary>
    public static string HandOn(string name) => IsTheHosts(name) ? $"{name}=${{{Alias}{name}}}" : name;

    private static bool IsTheHosts(string name) =>
        s_names.Contains(name) || s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
