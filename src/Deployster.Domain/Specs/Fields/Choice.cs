using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>One of a few words, or none.</summary>
internal sealed class Choice<T> : FieldType<T?>
    where T : struct, Enum
{
    private static readonly IReadOnlyDictionary<string, T> s_words =
        Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public override FieldShape Shape { get; } = new(JsonKind.Text) { Pattern = $"^({string.Join('|', s_words.Keys)})$" };

    internal override T? Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var before = errors.Count;
        var text = json.ReadText(field, errors);
        if (text is not null && s_words.TryGetValue(text, out var value))
        {
            return value;
        }

        if (errors.Count == before)
        {
            errors.Add(new FieldError(field, $"must be {string.Join(" or ", s_words.Keys)}, not '{text}'."));
        }

        return null;
    }

    internal override JsonNode? Tell(T? value) => WordOf(value!.Value);

    internal override IEnumerable<(string Option, string Text)> Store(string option, T? value) => [(option, WordOf(value!.Value))];

    internal override T? Restore(string option, ILookup<string, string> lines, T? missing) =>
        lines[option].SingleOrDefault() is not { } text ? missing
        : s_words.TryGetValue(text, out var value) ? value
        : throw new FormatException($"{option} must be {string.Join(" or ", s_words.Keys)}.");

    private static string WordOf(T value) => s_words.First(word => word.Value.Equals(value)).Key;
}
