using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs;

/// <summary>
/// The image of a deploy without its tag, which is the version: a name that stands under the same prefix as the service's,
/// <c>railsapp</c>, or a full reference, <c>ghcr.io/org/app</c>.
/// </summary>
public sealed partial record ImageName
{
    /// <summary>The grammar as a regular expression, for a name and for a reference.</summary>
    public const string Pattern = $"^(?:{Domain}/)?{Path}(?:/{Path})*$";

    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule =
        "a name under the prefix, as railsapp, or a full reference as docker takes it, as ghcr.io/org/app, in lower case, without a tag or digest, at most 255 characters";

    // As distribution/reference has it: the first part is a registry's address where it has a dot or a port, or is localhost.
    private const string Label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private const string Domain = $@"(?:localhost(?::[0-9]+)?|{Label}(?:\.{Label})+(?::[0-9]+)?|{Label}:[0-9]+)";
    private const string Path = "[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*";
    private const int MaxLength = 255;

    private ImageName(string value) => Value = value;

    /// <summary>The name as text.</summary>
    public string Value { get; }

    /// <summary>Whether it is a full reference, so that no prefix stands before it.</summary>
    public bool IsReference => Value.Contains('/');

    /// <summary>Reads a name; null where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static ImageName? Read(string text) => text.Length <= MaxLength && Whole().IsMatch(text) ? new ImageName(text) : null;

    /// <inheritdoc />
    public override string ToString() => Value;

    [GeneratedRegex($@"\A(?:{Domain}/)?{Path}(?:/{Path})*\z")]
    private static partial Regex Whole();
}
