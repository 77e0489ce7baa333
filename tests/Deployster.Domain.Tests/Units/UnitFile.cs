using System.Collections.Immutable;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Units;

/// <summary>What becomes of options that are written into a unit file and read back, as systemd and Fleet do it.</summary>
internal static class UnitFile
{
    public static ImmutableArray<UnitOption> WriteAndRead(IEnumerable<UnitOption> options) => Read(Write(options));

    private static string Write(IEnumerable<UnitOption> options) => string.Concat(
        options.GroupBy(option => option.Section)
            .Select(section => $"[{section.Key}]\n{string.Concat(section.Select(option => $"{option.Name}={option.Value}\n"))}"));

    private static ImmutableArray<UnitOption> Read(string text)
    {
        var options = ImmutableArray.CreateBuilder<UnitOption>();
        var section = "";
        var begun = "";
        foreach (var raw in text.Split('\n', '\r', '\0'))
        {
            var line = (begun + raw).Trim();
            begun = line.EndsWith('\\') ? line[..^1] + " " : "";
            if (begun.Length > 0 || line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }

            var parts = line.Split('=', 2);
            options.Add(new UnitOption(section, parts[0].TrimEnd(), parts is [_, var value] ? value.TrimStart() : ""));
        }

        return options.ToImmutable();
    }
}
