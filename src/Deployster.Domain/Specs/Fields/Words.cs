using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>
/// Argument vectors. A request may give a line instead, which is split as a shell does, and kept for images whose entrypoint is a shell.
/// </summary>
internal sealed class Words : FieldType<WordsOrLine>
{
    public override FieldShape Shape { get; } = new(JsonKind.TextOrTexts);

    public override FieldShape AnswerShape { get; } = new(JsonKind.Texts);

    internal override WordsOrLine Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (json.TryRead<string?[]>(out var words) && words!.All(word => word is not null))
        {
            return new WordsOrLine([.. words!], null);
        }

        if (!json.TryRead<string>(out var line))
        {
            errors.Add(new FieldError(field, "must be a text or a list of texts."));
            return new WordsOrLine([], null);
        }

        if (!ShellWords.TrySplit(line!, out var split, out var error))
        {
            errors.Add(new FieldError(field, $"cannot be taken: {error}."));
        }

        return new WordsOrLine(split, line);
    }

    internal override void Check(WordsOrLine value, string field, ICollection<FieldError> errors)
    {
        if (!value.Words.All(PlainText.IsText))
        {
            errors.Add(new FieldError(field, $"cannot be taken: each word must be {PlainText.TextRule}."));
        }
    }

    internal override JsonNode? Tell(WordsOrLine value) =>
        new JsonArray([.. value.Words.Select(word => JsonValue.Create(word))]);

    internal override IEnumerable<(string Option, string Text)> Store(string option, WordsOrLine value) =>
    [
        .. value.Words.Select(word => (option, StoredText.Write(word))),
        .. value.Line is { } line ? [(LineOf(option), StoredText.Write(line))] : Array.Empty<(string, string)>(),
    ];

    internal override WordsOrLine Restore(string option, ILookup<string, string> lines, WordsOrLine missing) => new(
        [.. lines[option].Select(StoredText.Read)],
        lines[LineOf(option)].SingleOrDefault() is { } line ? StoredText.Read(line) : null);

    internal override string? FindField(string field, string own, string option, string text) =>
        option == own || option == LineOf(own) ? field : null;

    internal override bool AreEqual(WordsOrLine one, WordsOrLine other) =>
        one.Words.SequenceEqual(other.Words) && one.Line == other.Line;

    private static string LineOf(string option) => $"{option}Line";
}
