using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Whole numbers in a range, or none.</summary>
internal sealed class OptionalNumber(int least, int most) : FieldType<int?>
{
    private readonly WholeNumber _number = new(least, most);

    public override FieldShape Shape => _number.Shape;

    internal override int? Read(JsonElement json, string field, ICollection<FieldError> errors) => _number.Read(json, field, errors);

    internal override void Check(int? value, string field, ICollection<FieldError> errors)
    {
        if (value is { } number)
        {
            _number.Check(number, field, errors);
        }
    }

    internal override JsonNode? Tell(int? value) => value;

    internal override IEnumerable<(string Option, string Text)> Store(string option, int? value) => _number.Store(option, value!.Value);

    internal override int? Restore(string option, ILookup<string, string> lines, int? missing) =>
        lines[option].Any() ? _number.Restore(option, lines, 0) : missing;
}
