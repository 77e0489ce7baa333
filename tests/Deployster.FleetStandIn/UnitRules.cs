using System.Text;

namespace Deployster.FleetStandIn;

/// <summary>What Fleet takes for a unit. Each rule gives the message of what is against it, or null.</summary>
internal static class UnitRules
{
    // Fleet looks for the line break within the first 2048 bytes.
    private const int MaxLineLength = 2048;
    private const int MaxNameLength = 256;

    private static readonly string[] s_types =
    [
        "service", "socket", "busname", "target", "snapshot", "device", "mount", "automount", "swap", "timer", "path",
        "slice", "scope",
    ];

    public static string? CheckName(string name)
    {
        var dot = name.LastIndexOf('.');
        if (Encoding.UTF8.GetByteCount(name) > MaxNameLength)
        {
            return $"unit name exceeds maximum length ({MaxNameLength})";
        }

        if (dot < 0)
        {
            return "unit name must contain \".\"";
        }

        if (dot == name.Length - 1)
        {
            return "unit name cannot end in \".\"";
        }

        if (!s_types.Contains(name[(dot + 1)..]))
        {
            return $"invalid unit type: \"{name[(dot + 1)..]}\"";
        }

        if (name[..dot].FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && !@":-_.\@".Contains(c)) is not '\0' and var invalid)
        {
            return $"invalid character '{invalid}' in unit name";
        }

        return name[0] == '@' ? "unit name cannot start in \"@\"" : null;
    }

    public static string? CheckOptions(IReadOnlyList<UnitFileOption> options)
    {
        if (options.Any(option => Encoding.UTF8.GetByteCount($"{option.Name}={option.Value}\n") > MaxLineLength))
        {
            return $"line too long (max {MaxLineLength} bytes)";
        }

        bool Has(params string[] names) => options.Any(option => option.Section == "X-Fleet" && names.Contains(option.Name));
        var isGlobal = options.Any(option => option is { Section: "X-Fleet", Name: "Global", Value: "true" });
        var target = Has("MachineID", "MachineBoot");
        var peers = Has("MachineOf", "ConditionMachineOf");
        return (target, isGlobal) switch
        {
            (true, _) when peers => "MachineID cannot be used with Peers",
            (true, _) when Has("Conflicts") => "MachineID cannot be used with Conflicts",
            (true, true) => "MachineID cannot be used with Global",
            (_, true) when peers => "Global cannot be used with Peers",
            _ => null,
        };
    }
}
