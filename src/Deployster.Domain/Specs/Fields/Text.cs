using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Values that are written as a text and keep a grammar.</summary>
/// <param name="parse">Reads a value; null for a text against the rule.</param>
/// <param name="rule">The grammar in words, for messages.</param>
internal sealed class Text<T>(Func<string, T?> parse, string rule) : FieldType<T>
{
    /// <summary>The grammar as a regular expression.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether the grammar allows what a unit's option must have in quotes.</summary>
    public bool IsQuoted { get; init; }

    public override FieldShape Shape => new(JsonKind.Text) { Pattern = Pattern };

    internal override T Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var before = errors.Count;
        var text = json.ReadText(field, errors);
        if (text is not null && parse(text) is { } value)
        {
            return value;
        }

        if (errors.Count == before)
        {
            errors.Add(new FieldError(field, $"must be {rule}, not '{text}'."));
        }

        return default!;
    }

    internal override JsonNode? Tell(T value) => value!.ToString();

    internal override IEnumerable<(string Option, string Text)> Store(string option, T value) =>
        [(option, IsQuoted ? StoredText.Write(value!.ToString()!) : value!.ToString()!)];

    internal override T Restore(string option, ILookup<string, string> lines, T missing) =>
        lines[option].SingleOrDefault() is not { } text ? missing
        : parse(IsQuoted ? StoredText.Read(text) : text) is { } value ? value
        : throw new FormatException($"{option} must be {rule}.");
}
