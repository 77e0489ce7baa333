using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Names;

/// <summary>What is deployed, named like its image: <c>railsapp</c>. A component of a Docker repository's name.</summary>
public sealed partial record ServiceName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>The grammar as a regular expression: a component of a repository name in the Docker registry's API.</summary>
    public const string Pattern = "^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "lower-case letters and digits, with '.', '_' or '-' between them, at most 100 characters";

    private ServiceName(string value) => Value = value;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Reads a name; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ServiceName? name)
    {
        name = text is { Length: > 0 and <= MaxLength } && Grammar().IsMatch(text) ? new ServiceName(text) : null;
        return name is not null;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is against the <see cref="Rule"/>.</exception>
    public static ServiceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"The service name '{text}' must be {Rule}.");

    /// <inheritdoc />
    public override string ToString() => Value;

    // \z, not $: a line break at the end would pass the latter. The two sets share no character, so that it never goes back.
    [GeneratedRegex(@"\A[a-z0-9]+(?:[._-]+[a-z0-9]+)*\z")]
    private static partial Regex Grammar();
}
