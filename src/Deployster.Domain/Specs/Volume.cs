using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs;

/// <summary>A host folder or named volume in a container, written as <c>docker run -v</c> takes it.</summary>
/// <param name="Source">A host folder's path or a volume's name.</param>
/// <param name="Target">The path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read it.</param>
public sealed partial record Volume(string Source, string Target, bool ReadOnly)
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "source:target or source:target:ro, the source a path from '/' or a volume's name, the target a path from '/', without ':' or control characters, at most 512 characters";

    private const int MaxLength = 512;

    /// <summary>Reads a volume; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Volume? volume)
    {
        volume = null;
        if (text is null or { Length: > MaxLength } || !PlainText.IsOneLine(text))
        {
            return false;
        }

        var parts = text.Split(':');
        if (parts.Length is 2 or 3
            && (parts.Length == 2 || parts[2] is "ro" or "rw")
            && (IsPath(parts[0]) || VolumeName().IsMatch(parts[0]))
            && IsPath(parts[1])
            && parts[1].Trim('/') != "")
        {
            volume = new Volume(parts[0], parts[1], parts is [_, _, "ro"]);
        }

        return volume is not null;
    }

    /// <summary><c>/srv/data:/data:ro</c></summary>
    public override string ToString() => $"{Source}:{Target}{(ReadOnly ? ":ro" : "")}";

    private static bool IsPath(string text) => text.StartsWith('/');

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]+\z")]
    private static partial Regex VolumeName();
}
