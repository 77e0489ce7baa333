using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Numbers in a range, with so many decimals at the most.</summary>
internal sealed class Number(decimal least, decimal most, int decimals) : FieldType<decimal?>
{
    private readonly NumberRange _range = new(least, most);

    public override FieldShape Shape { get; } = new(JsonKind.Number) { Least = least, Most = most };

    internal override decimal? Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        if (!json.TryRead<decimal>(out var number))
        {
            errors.Add(new FieldError(field, "must be a number."));
        }

        return number;
    }

    internal override void Check(decimal? value, string field, ICollection<FieldError> errors)
    {
        if (value is not { } number)
        {
            return;
        }

        _range.Check(number, field, errors);
        if (_range.Contains(number) && decimal.Round(number, decimals) != number)
        {
            errors.Add(new FieldError(
                field, string.Create(CultureInfo.InvariantCulture, $"must have at most {decimals} decimals, not {number}.")));
        }
    }

    internal override JsonNode? Tell(decimal? value) => value;

    internal override IEnumerable<(string Option, string Text)> Store(string option, decimal? value) =>
        [(option, value!.Value.ToString(CultureInfo.InvariantCulture))];

    internal override decimal? Restore(string option, ILookup<string, string> lines, decimal? missing) =>
        lines[option].SingleOrDefault() is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : missing;
}
