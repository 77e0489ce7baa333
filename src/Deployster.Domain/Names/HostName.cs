using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Names;

/// <summary>A host's name in DNS: <c>www.example.com</c>.</summary>
public sealed partial record HostName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 253;

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "a host name of lower-case letters, digits and '-', in parts of at most 63 characters with '.' between them, without a port";

    private HostName(string value) => Value = value;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Reads a name; false where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out HostName? name)
    {
        name = text is { Length: > 0 and <= MaxLength } && Grammar().IsMatch(text) ? new HostName(text) : null;
        return name is not null;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is against the <see cref="Rule"/>.</exception>
    public static HostName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"The host name '{text}' must be {Rule}.");

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex Grammar();
}
