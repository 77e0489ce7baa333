using System.Buffers;
using System.Text;

namespace Deployster.Domain.Specs;

/// <summary>What text a container's settings and a unit file may hold.</summary>
public static class PlainText
{
    /// <summary>The rule of <see cref="IsText"/> in words, for messages.</summary>
    public const string TextRule = "text of valid Unicode without NUL";

    /// <summary>The rule of <see cref="IsOneLine"/> in words, for messages.</summary>
    public const string Rule = "text of valid Unicode without line breaks and other control characters (a tab may be)";

    /// <summary>Whether <paramref name="text"/> is valid Unicode without NUL, as the variables and arguments of a process must be.</summary>
    public static bool IsText(string text) => IsAll(text, rune => rune.Value != 0);

    /// <summary>Whether <paramref name="text"/> is valid Unicode and has no control character but the tab.</summary>
    public static bool IsOneLine(string text) => IsAll(text, IsWithinLine);

    private static bool IsAll(string text, Func<Rune, bool> isAllowed)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || !isAllowed(rune))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    // U+2028 and U+2029 break lines in some readers.
    private static bool IsWithinLine(Rune rune) =>
        (!Rune.IsControl(rune) || rune.Value == '\t')
        && rune.Value is not (0x2028 or 0x2029)
        && !IsNonCharacter(rune.Value);

    // systemd takes no line with one of them for valid UTF-8.
    private static bool IsNonCharacter(int value) => (value & 0xfffe) == 0xfffe || value is >= 0xfdd0 and <= 0xfdef;
}
