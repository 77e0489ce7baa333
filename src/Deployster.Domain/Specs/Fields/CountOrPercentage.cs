using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Portions: a count is a number, and a percentage a text.</summary>
internal sealed class CountOrPercentage : FieldType<Portion>
{
    private static readonly NumberRange s_counts = new(0, DeploySpec.MaxInstanceCount);

    public override FieldShape Shape { get; } = new(JsonKind.NumberOrText)
    {
        Least = s_counts.Least,
        Most = s_counts.Most,
        Pattern = Portion.Pattern,
    };

    internal override Portion Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var portion = json.ValueKind == JsonValueKind.String && json.TryRead<string>(out var text) ? Portion.ReadPercentage(text!)
            : json.ValueKind == JsonValueKind.Number && json.TryRead<int>(out var count) && s_counts.Contains(count) ? new Portion(count)
            : null;
        if (portion is null)
        {
            errors.Add(new FieldError(field, $"must be {Portion.Rule}, not {json.GetRawText()}."));
        }

        return portion!;
    }

    internal override JsonNode? Tell(Portion value) => value.IsPercentage ? value.ToString() : value.Number;

    internal override IEnumerable<(string Option, string Text)> Store(string option, Portion value) => [(option, value.ToString())];

    internal override Portion Restore(string option, ILookup<string, string> lines, Portion missing) =>
        lines[option].SingleOrDefault() is not { } text ? missing
        : Portion.ReadPercentage(text) is { } percentage ? percentage
        : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var count && s_counts.Contains(count) ? new Portion(count)
        : throw new FormatException($"{option} must be {Portion.Rule}.");
}
