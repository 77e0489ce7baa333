using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deployster.Domain.Names;

/// <summary>
/// When a deploy was made, UTC to the second, as it stands in the names of its units: <c>2015.03.02-00.31.45</c>.
/// A label: a request may set it to any date.
/// </summary>
public sealed record DeployTimestamp
{
    /// <summary>The format, in .NET's letters.</summary>
    public const string Format = "yyyy.MM.dd-HH.mm.ss";

    /// <summary>The grammar as a regular expression; the date must be a real one besides.</summary>
    public const string Pattern = @"^\d{4}\.\d{2}\.\d{2}-\d{2}\.\d{2}\.\d{2}$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "a date and time in UTC written like 2015.03.02-00.31.45";

    private DeployTimestamp(DateTimeOffset time) => Time = time;

    /// <summary>The moment, whole seconds, UTC.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The timestamp of a moment, cut to the second.</summary>
    public static DeployTimestamp At(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        return new DeployTimestamp(new DateTimeOffset(utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.Zero));
    }

    /// <summary>Reads a timestamp; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DeployTimestamp? timestamp)
    {
        timestamp = text?.Length == Format.Length
            && DateTimeOffset.TryParseExact(
                text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new DeployTimestamp(time)
            : null;
        return timestamp is not null;
    }

    /// <summary>Reads a timestamp.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is against the <see cref="Rule"/>.</exception>
    public static DeployTimestamp Parse(string text) =>
        TryParse(text, out var timestamp)
            ? timestamp
            : throw new FormatException($"The timestamp '{text}' must be {Rule}.");

    /// <inheritdoc />
    public override string ToString() => Time.ToString(Format, CultureInfo.InvariantCulture);
}
