using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Times as whole seconds, or none, which is a value of its own.</summary>
internal sealed class SecondsOrNone(int least, int most) : FieldType<TimeSpan?>
{
    private const string None = "none";

    private readonly Seconds _seconds = new(least, most);

    public override FieldShape Shape => _seconds.Shape;

    internal override TimeSpan? Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        json.ValueKind == JsonValueKind.Null ? null : _seconds.Read(json, field, errors);

    internal override void Check(TimeSpan? value, string field, ICollection<FieldError> errors)
    {
        if (value is { } time)
        {
            _seconds.Check(time, field, errors);
        }
    }

    internal override JsonNode? Tell(TimeSpan? value) => value is { } time ? _seconds.Tell(time) : null;

    internal override IEnumerable<(string Option, string Text)> Store(string option, TimeSpan? value) =>
        value is { } time ? _seconds.Store(option, time) : [(option, None)];

    internal override TimeSpan? Restore(string option, ILookup<string, string> lines, TimeSpan? missing) =>
        lines[option].SingleOrDefault() switch
        {
            null => missing,
            None => null,
            _ => _seconds.Restore(option, lines, TimeSpan.Zero),
        };
}
