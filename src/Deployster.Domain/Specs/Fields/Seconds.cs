using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Times, in requests and answers as whole seconds.</summary>
internal sealed class Seconds(int least, int most) : FieldType<TimeSpan>
{
    private readonly NumberRange _range = new(least, most);

    public override FieldShape Shape { get; } = new(JsonKind.WholeNumber) { Least = least, Most = most };

    internal override TimeSpan Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        TimeSpan.FromSeconds(json.ReadWholeNumber(field, errors));

    internal override void Check(TimeSpan value, string field, ICollection<FieldError> errors) =>
        _range.Check(InSeconds(value), field, errors);

    internal override JsonNode? Tell(TimeSpan value) => (int)value.TotalSeconds;

    internal override IEnumerable<(string Option, string Text)> Store(string option, TimeSpan value) =>
        [(option, InSeconds(value).ToString(CultureInfo.InvariantCulture))];

    internal override TimeSpan Restore(string option, ILookup<string, string> lines, TimeSpan missing)
    {
        if (lines[option].SingleOrDefault() is not { } text)
        {
            return missing;
        }

        var time = TimeSpan.FromTicks((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
        return time >= TimeSpan.Zero && time <= DeploySpec.MaxTime ? time : throw new FormatException($"{option} is no time.");
    }

    private static decimal InSeconds(TimeSpan time) => (decimal)time.Ticks / TimeSpan.TicksPerSecond;
}
