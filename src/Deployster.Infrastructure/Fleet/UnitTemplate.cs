using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>A unit file with placeholders: <c>{{image}}</c>. See <c>docs/unit-template.md</c>.</summary>
public sealed partial class UnitTemplate
{
    /// <summary>The template by convention: Docker runs the image, Vulcand routes to it.</summary>
    public static UnitTemplate Convention { get; } = ReadOwn("convention.service");

    /// <summary>The same for a service that answers nowhere.</summary>
    internal static UnitTemplate ConventionWithoutPort { get; } = ReadOwn("without-port.service");

    private UnitTemplate(ImmutableArray<UnitOption> lines) => Lines = lines;

    internal ImmutableArray<UnitOption> Lines { get; }

    /// <summary>Reads a template in the syntax of unit files.</summary>
    /// <exception cref="FormatException">The text is against the syntax; the message tells the line and why.</exception>
    public static UnitTemplate Parse(string text)
    {
        var lines = ImmutableArray.CreateBuilder<UnitOption>();
        string? section = null;
        foreach (var (number, line) in Join(text))
        {
            FormatException Wrong(string what) => new($"line {number}: {what}");

            if (line.StartsWith('['))
            {
                section = line.EndsWith(']') ? line[1..^1] : throw Wrong("a section's name must end with ']'");
                if (section == IntentionOptions.Section)
                {
                    throw Wrong($"the section {section} is Deployster's own");
                }

                continue;
            }

            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 }, _])
            {
                throw Wrong("neither a section nor an option");
            }

            var option = new UnitOption(section ?? throw Wrong("an option before the first section"), parts[0], parts[1]);
            if (Placeholder().Matches(option.Value).Select(NameOf).FirstOrDefault(name => !UnitFile.IsKnown(name)) is { } unknown)
            {
                throw Wrong($"nothing is known for {{{{{unknown}}}}}");
            }

            lines.Add(option);
        }

        return lines.Count > 0 ? new UnitTemplate(lines.ToImmutable()) : throw new FormatException("it has no options");
    }

    /// <summary>Puts values in the places held for them. An empty value takes the blank before it along.</summary>
    internal static string Fill(string line, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(line, match => values[NameOf(match)] is { Length: > 0 } value ? match.Groups["blank"].Value + value : "");

    internal static bool Holds(string line, string name) => Placeholder().Matches(line).Any(match => NameOf(match) == name);

    private static string NameOf(Match match) => match.Groups["name"].Value;

    // Comments and empty lines are left out, and lines that a backslash ends are joined with the next.
    private static IEnumerable<(int Number, string Line)> Join(string text)
    {
        var joined = new StringBuilder();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.StartsWith('#') || line.StartsWith(';'))
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                joined.Append(line.AsSpan(0, line.Length - 1)).Append(' ');
                continue;
            }

            if (joined.Append(line).ToString().Trim() is { Length: > 0 } whole)
            {
                yield return (number, whole);
            }

            joined.Clear();
        }
    }

    private static UnitTemplate ReadOwn(string name)
    {
        using var reader = new StreamReader(typeof(UnitTemplate).Assembly.GetManifestResourceStream(name)!);
        return Parse(reader.ReadToEnd());
    }

    [GeneratedRegex(@"(?<blank> ?)\{\{(?<name>[a-z_]+)\}\}")]
    private static partial Regex Placeholder();
}
