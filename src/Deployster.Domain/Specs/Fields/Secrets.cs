using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>
/// Secret environment variables by name. A request's are merged with those that are inherited: null removes one. Answers
/// give the names alone.
/// </summary>
public sealed class Secrets : FieldType<ImmutableSortedDictionary<string, Secret>>
{
    /// <inheritdoc />
    public override FieldShape Shape { get; } = new Variables().Shape with { HasNullEntries = true };

    /// <inheritdoc />
    public override FieldShape AnswerShape { get; } = new(JsonKind.Texts);

    /// <summary>
    /// What is wrong with secrets. No message holds a value, nor a name against the rule: somebody may have taken one for
    /// the other.
    /// </summary>
    public static IEnumerable<FieldError> FindErrors(string field, IReadOnlyDictionary<string, string?> secrets)
    {
        var isAnyWrong = !secrets.Keys.All(Variables.IsName);
        return Variables.FindErrors(field, secrets.Where(secret => Variables.IsName(secret.Key) && secret.Value is not null).ToDictionary())
            .Concat(isAnyWrong ? [new FieldError(field, $"has a name that breaks its rule: it {Variables.NameRule}")] : []);
    }

    internal override ImmutableSortedDictionary<string, Secret> Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        json.ReadMembers(field, "an object of texts", errors).ToImmutableSortedDictionary(
            secret => secret.Key,
            secret => secret.Value.ValueKind == JsonValueKind.Null
                ? Secret.Unknown
                : new Secret(secret.Value.ReadText($"{field}.{secret.Key}", errors)),
            StringComparer.Ordinal);

    internal override ImmutableSortedDictionary<string, Secret> Merge(
        ImmutableSortedDictionary<string, Secret> before, ImmutableSortedDictionary<string, Secret> given) => before.Merge(given);

    internal override void Check(ImmutableSortedDictionary<string, Secret> value, string field, ICollection<FieldError> errors)
    {
        foreach (var error in FindErrors(field, value.ToDictionary(secret => secret.Key, secret => secret.Value.Value)))
        {
            errors.Add(error);
        }
    }

    internal override JsonNode? Tell(ImmutableSortedDictionary<string, Secret> value) =>
        new JsonArray([.. value.Keys.Select(name => JsonValue.Create(name))]);

    // One whose value is not known stands there as its name alone, which holds no '='.
    internal override IEnumerable<(string Option, string Text)> Store(string option, ImmutableSortedDictionary<string, Secret> value) =>
        value.Select(secret => (option, StoredText.Write(secret.Value.Value is { } text ? $"{secret.Key}={text}" : secret.Key)));

    internal override ImmutableSortedDictionary<string, Secret> Restore(
        string option, ILookup<string, string> lines, ImmutableSortedDictionary<string, Secret> missing) =>
        lines[option].Select(line => StoredText.Read(line).Split('=', 2)).ToImmutableSortedDictionary(
            pair => pair[0], pair => pair is [_, var value] ? new Secret(value) : Secret.Unknown, StringComparer.Ordinal);

    internal override string? FindField(string field, string own, string option, string text) =>
        own == option ? $"{field}.{StoredText.Read(text).Split('=', 2)[0]}" : null;

    internal override bool AreEqual(ImmutableSortedDictionary<string, Secret> one, ImmutableSortedDictionary<string, Secret> other) =>
        one.SequenceEqual(other);
}
