using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Environment variables by name.</summary>
public sealed class Variables : FieldType<ImmutableSortedDictionary<string, string>>
{
    private const int MaxEntries = 500;

    // Linux takes no argument and no variable over 128 KiB with '=' and the NUL at its end (MAX_ARG_STRLEN).
    private const int MaxBytes = (128 << 10) - 2;

    /// <summary>The names that cannot be set.</summary>
    internal Func<string, bool> IsRefused { get; init; } = _ => false;

    /// <summary>Why they cannot, for messages.</summary>
    internal string Refusal { get; init; } = "";

    /// <summary>The rule of a name in words, for messages.</summary>
    internal const string NameRule = $"must be {PlainText.TextRule} and '=', and not empty.";

    /// <inheritdoc />
    public override FieldShape Shape { get; } = new(JsonKind.TextsByName) { MaxEntries = MaxEntries };

    /// <inheritdoc />
    public override FieldShape AnswerShape => Shape with { HasNullEntries = HidesValues };

    /// <summary>Whether some see only the names.</summary>
    internal bool HidesValues { get; init; }

    /// <summary>What is wrong with variables. A null has no value to be set.</summary>
    public static IEnumerable<FieldError> FindErrors(string field, IReadOnlyDictionary<string, string?> variables)
    {
        if (variables.Count > MaxEntries)
        {
            yield return new FieldError(field, $"must have at most {MaxEntries} entries, not {variables.Count}.");
        }

        foreach (var (name, value) in variables)
        {
            if (!IsName(name))
            {
                yield return new FieldError(field, $"has the name '{name}', which {NameRule}");
            }
            else if (value is null || !PlainText.IsText(value))
            {
                yield return new FieldError($"{field}.{name}", $"must be {PlainText.TextRule}.");
            }
            else if (Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) > MaxBytes)
            {
                yield return new FieldError($"{field}.{name}", $"must have at most {MaxBytes} bytes together with its name.");
            }
        }
    }

    /// <summary>Whether a name is that of a variable, which an empty one and one with '=' are not.</summary>
    internal static bool IsName(string name) => name is not "" && !name.Contains('=') && PlainText.IsText(name);

    internal override ImmutableSortedDictionary<string, string> Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        json.ReadMembers(field, "an object of texts", errors).ToImmutableSortedDictionary(
            variable => variable.Key, variable => variable.Value.ReadText($"{field}.{variable.Key}", errors)!, StringComparer.Ordinal);

    internal override void Check(ImmutableSortedDictionary<string, string> value, string field, ICollection<FieldError> errors)
    {
        foreach (var error in FindErrors(field, value!))
        {
            errors.Add(error);
        }

        foreach (var name in value.Keys.Where(IsRefused))
        {
            errors.Add(new FieldError($"{field}.{name}", Refusal));
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
}
