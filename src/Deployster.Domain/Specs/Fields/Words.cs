using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Argument vectors. A request may give a line instead, which is split as a shell does.</summary>
internal sealed class Words : FieldType<ImmutableArray<string>>
{
    public override FieldShape Shape { get; } = new(JsonKind.TextOrTexts);

    public override FieldShape AnswerShape { get; } = new(JsonKind.Texts);

    internal override ImmutableArray<string> Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (json.TryRead<string?[]>(out var words) && words!.All(word => word is not null))
        {
            return [.. words!];
        }

        if (!json.TryRead<string>(out var line))
        {
            errors.Add(new FieldError(field, "must be a text or a list of texts."));
            return [];
        }

        if (!ShellWords.TrySplit(line!, out var split, out var error))
        {
            errors.Add(new FieldError(field, $"cannot be taken: {error}."));
        }

        return split;
    }

    internal override void Check(ImmutableArray<string> value, string field, ICollection<FieldError> errors)
    {
        if (!value.All(PlainText.IsText))
        {
            errors.Add(new FieldError(field, $"cannot be taken: each word must be {PlainText.TextRule}."));
        }
    }

    internal override JsonNode? Tell(ImmutableArray<string> value) =>
        new JsonArray([.. value.Select(word => JsonValue.Create(word))]);

    internal override IEnumerable<(string Option, string Text)> Store(string option, ImmutableArray<string> value) =>
        value.Select(word => (option, StoredText.Write(word)));

    internal override ImmutableArray<string> Restore(string option, ILookup<string, string> lines, ImmutableArray<string> missing) =>
        [.. lines[option].Select(StoredText.Read)];

    internal override bool AreEqual(ImmutableArray<string> one, ImmutableArray<string> other) => one.SequenceEqual(other);
}
