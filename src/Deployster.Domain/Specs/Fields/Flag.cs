using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Yes or no, or nothing said.</summary>
internal sealed class Flag : FieldType<bool?>
{
    public override FieldShape Shape { get; } = new(JsonKind.Flag);

    internal override bool? Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (!json.TryRead<bool>(out var flag))
        {
            errors.Add(new FieldError(field, "must be true or false."));
        }

        return flag;
    }

    internal override JsonNode? Tell(bool? value) => value;

    internal override IEnumerable<(string Option, string Text)> Store(string option, bool? value) => [(option, value == true ? "yes" : "no")];

    internal override bool? Restore(string option, ILookup<string, string> lines, bool? missing) => lines[option].SingleOrDefault() switch
    {
        null => missing,
        "yes" => true,
        "no" => false,
        _ => throw new FormatException($"{option} is neither yes nor no."),
    };
}
