using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deployster.Domain.Names;

/// <summary>
/// Names one instance of one deploy:
/// <c>{service}:{version}:{timestamp}@{instance}.service</c>.
/// </summary>
/// <param name="DeployId">The deploy that the unit belongs to.</param>
/// <param name="Instance">The instance's number, from 1.</param>
public sealed record UnitName(DeployId DeployId, int Instance)
{
    /// <summary>The longest name, in characters, that a fleet takes.</summary>
    public const int MaxLength = 256;

    private const string Suffix = ".service";

    /// <summary>
    /// Reads a name. False for whatever is not named by this grammar: such units are somebody else's.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out UnitName? name)
    {
        name = null;
        if (text is null || text.Length > MaxLength || !text.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        var at = text.LastIndexOf('@');
        var parts = at < 0 ? [] : text[..at].Split(':');
        if (parts.Length == 3
            && ServiceName.TryParse(parts[0], out var service)
            && VersionTag.TryParse(parts[1], out var version)
            && DeployTimestamp.TryParse(parts[2], out var timestamp)
            && TryParseInstance(text[(at + 1)..^Suffix.Length], out var instance))
        {
            name = new UnitName(new DeployId(service, version, timestamp), instance);
        }

        return name is not null;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not named by the grammar.</exception>
    public static UnitName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is no unit's name.");

    /// <summary><c>railsapp:7bdae1c:2015.03.02-00.31.45@1.service</c></summary>
    public override string ToString() => $"{DeployId}@{Instance.ToString(CultureInfo.InvariantCulture)}{Suffix}";

    // The digits are looked at one by one: int.TryParse takes NUL characters behind them.
    private static bool TryParseInstance(string text, out int instance) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out instance)
        && instance > 0
        && text[0] != '0'
        && text.All(char.IsAsciiDigit);
}
