namespace Deployster.Domain.Specs;

/// <summary>What text may stand on one line of a unit file.</summary>
public static class PlainText
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "text of valid Unicode without line breaks and other control characters (a tab may be)";

    /// <summary>Whether <paramref name="text"/> is valid Unicode and has no control character but the tab.</summary>
    public static bool IsOneLine(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // Ill-formed UTF-16 enumerates as U+FFFD; U+2028 and U+2029 break lines in some readers.
            if ((rune.Value < ' ' && rune.Value != '\t') || rune.Value is 0x7f or 0x85 or 0x2028 or 0x2029 || IsNonCharacter(rune.Value))
            {
                return false;
            }
        }

        return !HasLoneSurrogate(text);
    }

    // systemd takes no line with one of them for valid UTF-8.
    private static bool IsNonCharacter(int value) => (value & 0xfffe) == 0xfffe || value is >= 0xfdd0 and <= 0xfdef;

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
