using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs;

/// <summary>A host folder or named volume in a container, written as <c>docker run -v</c> takes it.</summary>
/// <param name="Source">A host folder's path or a volume's name.</param>
/// <param name="Target">The path in the container.</param>
/// <param name="Options">The options with commas between them, <c>ro,z</c>; empty for none. Writable is none: it is the default.</param>
public sealed partial record Volume(string Source, string Target, string Options = "")
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "source:target or source:target:options, the source a path from '/' or a volume's name, the target a path from '/', without ':' or control characters, "
        + "the options of ro or rw, z or Z, a propagation (rshared, rslave, rprivate, shared, slave or private, for paths) and nocopy (for names), with ',' between them, at most 512 characters";

    private const int MaxLength = 512;
    private const string Writable = "rw";
    private const string NoCopy = "nocopy";

    private static readonly string[] s_propagations = ["rshared", "rslave", "rprivate", "shared", "slave", "private"];

    // Of each kind one at the most.
    private static readonly string[][] s_options = [["ro", Writable], ["z", "Z"], [NoCopy], s_propagations];

    /// <summary>Reads a volume; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Volume? volume)
    {
        volume = null;
        if (text is null or { Length: > MaxLength } || !PlainText.IsOneLine(text))
        {
            return false;
        }

        var parts = text.Split(':');
        if (parts.Length is not (2 or 3) || !IsPath(parts[1]) || parts[1].Trim('/') == "")
        {
            return false;
        }

        string[] options = parts is [_, _, var given] ? given.Split(',') : [];
        if (IsPath(parts[0]) ? !options.Contains(NoCopy) : VolumeName().IsMatch(parts[0]) && !options.Any(s_propagations.Contains))
        {
            var isKnown = options.All(option => s_options.Any(kind => kind.Contains(option)));
            var isOnce = s_options.All(kind => options.Count(kind.Contains) <= 1);
            volume = isKnown && isOnce ? new Volume(parts[0], parts[1], string.Join(',', options.Where(option => option != Writable))) : null;
        }

        return volume is not null;
    }

    /// <summary><c>/srv/data:/data:ro</c></summary>
    public override string ToString() => Options is "" ? $"{Source}:{Target}" : $"{Source}:{Target}:{Options}";

    private static bool IsPath(string text) => text.StartsWith('/');

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]+\z")]
    private static partial Regex VolumeName();
}
