using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Whole numbers in a range, of 0 or more.</summary>
internal sealed class WholeNumber(int least, int most) : FieldType<int>
{
    private readonly NumberRange _range = new(least, most);

    public override FieldShape Shape { get; } = new(JsonKind.WholeNumber) { Least = least, Most = most };

    internal override int Read(JsonElement json, string field, ICollection<FieldError> errors) => json.ReadWholeNumber(field, errors);

    internal override void Check(int value, string field, ICollection<FieldError> errors) => _range.Check(value, field, errors);

    internal override JsonNode? Tell(int value) => value;

    internal override IEnumerable<(string Option, string Text)> Store(string option, int value) =>
        [(option, value.ToString(CultureInfo.InvariantCulture))];

    // Beyond its limits a count would fill the memory, and a port would be none.
    internal override int Restore(string option, ILookup<string, string> lines, int missing) =>
        lines[option].SingleOrDefault() is not { } text ? missing
        : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number && _range.Contains(number) ? number
        : throw new FormatException($"{option} is out of its limits.");
}
