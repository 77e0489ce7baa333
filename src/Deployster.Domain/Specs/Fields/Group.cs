using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>
/// Objects with fields of their own, inherited and cleared as a whole. Each of the fields has its own option of a unit;
/// where all of them are missing, so is the object.
/// </summary>
/// <param name="name">The type's name in the API document, before <c>Body</c> and <c>Resource</c>.</param>
/// <param name="description">What an object is, in a sentence.</param>
/// <param name="defaults">An object of nothing but defaults.</param>
/// <param name="fields">The fields.</param>
internal sealed class Group<T>(string name, string description, T defaults, ImmutableArray<Field<T>> fields) : FieldType<T?>
    where T : class
{
    private static readonly JsonElement s_null = JsonSerializer.SerializeToElement<object?>(null);

    public override FieldShape Shape { get; } = new(JsonKind.Fields) { TypeName = name, Description = description, Fields = fields };

    internal override T Read(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var before = errors.Count;
        var given = ReadGiven(json, field, errors);
        if (errors.Count > before)
        {
            return defaults;
        }

        foreach (var member in fields)
        {
            if (member.IsRequired || given.ContainsKey(member.Name))
            {
                member.FindErrors(given.GetValueOrDefault(member.Name, s_null), $"{field}.{member.Name}", errors);
            }
        }

        return errors.Count > before
            ? defaults
            : given.Aggregate(defaults, (value, pair) => fields.First(member => member.Name == pair.Key).Give(value, pair.Value));
    }

    internal override JsonNode? Tell(T? value) =>
        new JsonObject(fields.Select(member => KeyValuePair.Create(member.Name, member.Tell(value!))));

    internal override IEnumerable<(string Option, string Text)> Store(string option, T? value) =>
        fields.SelectMany(member => member.Store(value!));

    internal override T? Restore(string option, ILookup<string, string> lines, T? missing) =>
        lines.Any(line => line.Any(text => fields.Any(member => member.FindField(line.Key, text) is not null)))
            ? fields.Aggregate(defaults, (value, member) => member.Restore(value, lines))
            : missing;

    internal override string? FindField(string field, string own, string option, string text) =>
        fields.Select(member => member.FindField(option, text)).FirstOrDefault(found => found is not null) is { } found
            ? $"{field}.{found}"
            : null;

    internal override bool AreEqual(T? one, T? other) =>
        one is null || other is null ? one is null && other is null : fields.All(member => member.AreEqual(one, other));

    // What is unknown or null is out: a misspelt name is told alone, because it explains the field that seems to be missing.
    private Dictionary<string, JsonElement> ReadGiven(JsonElement json, string field, ICollection<FieldError> errors)
    {
        var given = json.ReadMembers(field, "an object", errors);
        foreach (var unknown in given.Keys.Where(key => fields.All(member => member.Name != key)))
        {
            errors.Add(new FieldError($"{field}.{unknown}", "is unknown."));
        }

        return given
            .Where(pair => pair.Value.ValueKind != JsonValueKind.Null || fields.Any(member => member.Name == pair.Key && member.TakesNull))
            .ToDictionary();
    }
}
