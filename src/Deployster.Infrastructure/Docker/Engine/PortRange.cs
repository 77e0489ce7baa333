using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>A range of ports: <c>20000-32767</c>.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public sealed record PortRange(int First, int Last)
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "two ports from 1 to 65535, the lower one first, written like 20000-32767";

    /// <summary>Ports below those that Linux gives to outgoing connections.</summary>
    public static PortRange Default { get; } = new(20000, 32767);

    /// <summary>Reads a range; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PortRange? range)
    {
        range = text.Split('-') is [var first, var last]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            && from is >= 1 and <= ushort.MaxValue && to >= from && to <= ushort.MaxValue
                ? new PortRange(from, to)
                : null;
        return range is not null;
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
