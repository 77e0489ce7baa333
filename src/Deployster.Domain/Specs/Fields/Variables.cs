using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Environment variables by name.</summary>
public sealed partial class Variables : FieldType<ImmutableSortedDictionary<string, string>>
{
    private const int MaxEntries = 500;

    /// <inheritdoc />
    public override FieldShape Shape { get; } = new(JsonKind.TextsByName) { MaxEntries = MaxEntries };

    /// <summary>What is wrong with variables. A null has no value to be set.</summary>
    public static IEnumerable<FieldError> FindErrors(string field, IReadOnlyDictionary<string, string?> variables)
    {
        if (variables.Count > MaxEntries)
        {
            yield return new FieldError(field, $"must have at most {MaxEntries} entries, not {variables.Count}.");
        }

        foreach (var (name, value) in variables)
        {
            if (!Name().IsMatch(name))
            {
                yield return new FieldError(
                    field, $"has the name '{name}', which must be of letters, digits and '_', not beginning with a digit.");
            }
            else if (value is null || !PlainText.IsOneLine(value))
            {
                yield return new FieldError($"{field}.{name}", $"must be {PlainText.Rule}.");
            }
        }
    }

    internal override ImmutableSortedDictionary<string, string> Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        json.ReadMembers(field, "an object of texts", errors).ToImmutableSortedDictionary(
            variable => variable.Key, variable => variable.Value.ReadText($"{field}.{variable.Key}", errors)!, StringComparer.Ordinal);

    internal override void Check(ImmutableSortedDictionary<string, string> value, string field, ICollection<FieldError> errors)
    {
        foreach (var error in FindErrors(field, value!))
        {
            errors.Add(error);
        }
    }

    internal override JsonNode? Tell(ImmutableSortedDictionary<string, string> value) =>
        new JsonObject(value.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));

    internal override IEnumerable<(string Option, string Text)> Store(string option, ImmutableSortedDictionary<string, string> value) =>
        value.Select(variable => (option, StoredText.Write($"{variable.Key}={variable.Value}")));

    internal override ImmutableSortedDictionary<string, string> Restore(
        string option, ILookup<string, string> lines, ImmutableSortedDictionary<string, string> missing) =>
        lines[option].Select(Split).ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    internal override string? FindField(string field, string own, string option, string text) =>
        own == option ? $"{field}.{Split(text)[0]}" : null;

    internal override bool AreEqual(ImmutableSortedDictionary<string, string> one, ImmutableSortedDictionary<string, string> other) =>
        one.SequenceEqual(other);

    private static string[] Split(string text) =>
        StoredText.Read(text).Split('=', 2) is [_, _] pair ? pair : throw new FormatException("A variable has no value.");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,255}\z")]
    private static partial Regex Name();
}
