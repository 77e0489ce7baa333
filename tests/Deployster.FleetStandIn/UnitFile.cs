using System.Security.Cryptography;
using System.Text;

namespace Deployster.FleetStandIn;

/// <summary>A unit as it was handed over.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">Its options.</param>
public sealed record UnitFile(string Name, IReadOnlyList<UnitFileOption> Options)
{
    /// <summary>What Fleet knows a unit's content by: the SHA-1 of the file it writes for systemd.</summary>
    public string Hash { get; } = HashOf(Options);

#pragma warning disable CA5350 // Fleet's own hash.
    private static string HashOf(IEnumerable<UnitFileOption> options) =>
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(Write(options))));
#pragma warning restore CA5350

    private static string Write(IEnumerable<UnitFileOption> options) =>
        string.Join('\n', options.GroupBy(option => option.Section).Select(section =>
            $"[{section.Key}]\n{string.Concat(section.Select(option => $"{option.Name}={option.Value}\n"))}"));
}

/// <summary>A line of a unit file.</summary>
/// <param name="Section">Its section.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record UnitFileOption(string Section, string Name, string Value);
