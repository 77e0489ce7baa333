using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Lists of values that are written as texts and keep a grammar. Each entry has an option of its own.</summary>
/// <param name="parse">Reads an entry; null for a text against the rule.</param>
/// <param name="rule">The grammar in words, for messages.</param>
/// <param name="maxEntries">How many there may be.</param>
internal sealed class TextList<T>(Func<string, T?> parse, string rule, int maxEntries) : FieldType<ImmutableArray<T>>
    where T : class
{
    /// <summary>What may be in the list only once.</summary>
    public required Func<T, object> Key { get; init; }

    /// <summary>The rule that <see cref="Key"/> stands for, in words.</summary>
    public required string KeyRule { get; init; }

    /// <summary>Whether the grammar allows what a unit's option must have in quotes.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>Whether it is the entry itself that may be there only once.</summary>
    public bool HasUniqueEntries { get; init; }

    public override FieldShape Shape => new(JsonKind.Texts) { MaxEntries = maxEntries, HasUniqueEntries = HasUniqueEntries };

    internal override ImmutableArray<T> Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (!json.TryRead<List<JsonElement>>(out var entries))
        {
            errors.Add(new FieldError(field, "must be a list of texts."));
            return [];
        }

        var entry = new Text<T>(parse, rule);
        return [.. entries!.Select((text, index) => entry.Read(text, $"{field}[{index}]", errors))];
    }

    internal override void Check(ImmutableArray<T> value, string field, ICollection<FieldError> errors)
    {
        if (value.Length > maxEntries)
        {
            errors.Add(new FieldError(field, $"must have at most {maxEntries} entries, not {value.Length}."));
        }

        if (value.DistinctBy(Key).Count() < value.Length)
        {
            errors.Add(new FieldError(field, KeyRule));
        }
    }

    internal override JsonNode? Tell(ImmutableArray<T> value) =>
        new JsonArray([.. value.Select(entry => JsonValue.Create(entry.ToString()))]);

    internal override IEnumerable<(string Option, string Text)> Store(string option, ImmutableArray<T> value) =>
        value.Select(entry => (option, IsQuoted ? StoredText.Write(entry.ToString()!) : entry.ToString()!));

    internal override ImmutableArray<T> Restore(string option, ILookup<string, string> lines, ImmutableArray<T> missing) =>
        [.. lines[option].Select(text => parse(IsQuoted ? StoredText.Read(text) : text) ?? throw new FormatException($"{option} must be {rule}."))];

    internal override bool AreEqual(ImmutableArray<T> one, ImmutableArray<T> other) => one.SequenceEqual(other);
}
