using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Names;

/// <summary>The version of a service, which is its image's tag: <c>7bdae1c</c>.</summary>
public sealed partial record VersionTag
{
    /// <summary>The longest tag, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>The grammar as a regular expression: a tag in the Docker registry's API.</summary>
    public const string Pattern = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "letters, digits, '_', '.' or '-', beginning with a letter, a digit or '_', at most 128 characters";

    private VersionTag(string value) => Value = value;

    /// <summary>The tag as text.</summary>
    public string Value { get; }

    /// <summary>Reads a tag; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionTag? version)
    {
        version = text is not null && Grammar().IsMatch(text) ? new VersionTag(text) : null;
        return version is not null;
    }

    /// <summary>Reads a tag.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is against the <see cref="Rule"/>.</exception>
    public static VersionTag Parse(string text) =>
        TryParse(text, out var version) ? version : throw new FormatException($"The version '{text}' must be {Rule}.");

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Grammar();
}
