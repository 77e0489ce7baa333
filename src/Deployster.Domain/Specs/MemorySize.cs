using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deployster.Domain.Specs;

/// <summary>An amount of memory, written as <c>docker run</c> takes it: <c>512m</c>.</summary>
/// <param name="Bytes">The amount in bytes.</param>
public readonly record struct MemorySize(long Bytes)
{
    /// <summary>The grammar as a regular expression.</summary>
    public const string Pattern = "^[1-9][0-9]{0,14}[bkmg]?$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "a whole number of bytes, or of KiB, MiB or GiB with 'k', 'm' or 'g' behind it, from 6m to 16384g";

    // What the Docker Engine takes at the least.
    private const long Min = 6L << 20;
    private const long Max = 1L << 44;

    /// <summary>Reads an amount; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MemorySize size)
    {
        size = default;
        if (text is null or { Length: 0 or > 16 } || text[0] is < '1' or > '9')
        {
            return false;
        }

        var shift = text[^1] switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = char.IsAsciiDigit(text[^1]) ? text : text[^1] is 'b' or 'k' or 'm' or 'g' ? text[..^1] : "";
        if (!digits.All(char.IsAsciiDigit)
            || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > Max >> shift)
        {
            return false;
        }

        size = new MemorySize(number << shift);
        return size.Bytes >= Min;
    }

    /// <summary>The shortest exact writing: <c>512m</c>, <c>6291457</c>.</summary>
    public override string ToString() => Bytes switch
    {
        _ when Bytes % (1L << 30) == 0 => Write(30, "g"),
        _ when Bytes % (1L << 20) == 0 => Write(20, "m"),
        _ when Bytes % (1L << 10) == 0 => Write(10, "k"),
        _ => Write(0, ""),
    };

    private string Write(int shift, string unit) => (Bytes >> shift).ToString(CultureInfo.InvariantCulture) + unit;
}
