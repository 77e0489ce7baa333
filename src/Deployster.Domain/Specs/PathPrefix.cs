using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs;

/// <summary>The beginning of the paths whose requests a service gets: <c>/api</c>. It ends where a segment ends.</summary>
public sealed partial record PathPrefix
{
    /// <summary>The grammar as a regular expression.</summary>
    public const string Pattern = @"^(/[A-Za-z0-9._~!$&()*+,;=:@%-]+){1,32}$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "a path from '/' of the characters that a URL takes, without a query and without '/' at its end, at most 256";

    private const int MaxLength = 256;

    private PathPrefix(string value) => Value = value;

    /// <summary>The prefix, from its slash.</summary>
    public string Value { get; }

    /// <summary>Reads a prefix; null where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static PathPrefix? Read(string text) =>
        text.Length <= MaxLength && Grammar().IsMatch(text) && !text.Split('/').Any(segment => segment is "." or "..")
            ? new PathPrefix(text)
            : null;

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex(@"\A(/[A-Za-z0-9._~!$&()*+,;=:@%-]+){1,32}\z")]
    private static partial Regex Grammar();
}
