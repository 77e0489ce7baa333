using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deployster.Infrastructure.Docker.Engine;

/// <summary>Ports in a row, both ends included.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
public sealed record PortRange(int First, int Last)
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "two ports from 1 to 65535, the lower one first, such as 20000-32767";

    /// <summary>Below the ports from which systems take those of outgoing connections.</summary>
    public static PortRange Default { get; } = new(20000, 32767);

    /// <summary>How many ports it has.</summary>
    public int Count => Last - First + 1;

    /// <summary>Reads a range; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PortRange? range)
    {
        range = text?.Split('-') is [var first, var last]
            && ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            && ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            && low >= 1
            && low <= high
            ? new PortRange(low, high)
            : null;
        return range is not null;
    }

    /// <summary>Whether a port is one of them.</summary>
    public bool Contains(int port) => port >= First && port <= Last;

    /// <summary><c>20000-32767</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
