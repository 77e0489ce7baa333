using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployster.Domain.Specs.Fields;

/// <summary>Limits by name, each with an option of its own: <c>nofile=1024:4096</c>.</summary>
internal sealed class Ulimits : FieldType<ImmutableSortedDictionary<string, Ulimit>>
{
    private const int NoLimit = -1;

    private static readonly Group<Ulimit> s_limit = new(
        "Ulimit",
        "A limit of a container's processes; -1 for none.",
        new Ulimit(NoLimit),
        [
            new Field<Ulimit, int>
            {
                Name = "soft",
                Type = new WholeNumber(NoLimit, int.MaxValue),
                Get = limit => limit.Soft,
                Set = (limit, soft) => limit with { Soft = soft },
                InRequest = "The limit that holds.",
                InAnswer = "The limit that holds.",
                IsRequired = true,
            },
            new Field<Ulimit, int?>
            {
                Name = "hard",
                Type = new OptionalNumber(NoLimit, int.MaxValue),
                Get = limit => limit.Hard,
                Set = (limit, hard) => limit with { Hard = hard },
                Show = limit => limit.Most,
                InRequest = "How far a process may raise it; by default not at all.",
                InAnswer = "How far a process may raise it.",
            },
        ]);

    public override FieldShape Shape { get; } = s_limit.Shape with { Kind = JsonKind.FieldsByName, MaxEntries = Ulimit.Names.Count };

    internal override ImmutableSortedDictionary<string, Ulimit> Read(JsonElement json, string field, ICollection<FieldError> errors) =>
        json.ReadMembers(field, "an object of limits by name", errors).ToImmutableSortedDictionary(
            limit => limit.Key, limit => s_limit.Read(limit.Value, $"{field}.{limit.Key}", errors), StringComparer.Ordinal);

    internal override void Check(ImmutableSortedDictionary<string, Ulimit> value, string field, ICollection<FieldError> errors)
    {
        foreach (var (name, limit) in value)
        {
            if (!Ulimit.Names.Contains(name))
            {
                errors.Add(new FieldError($"{field}.{name}", $"is unknown; there are {string.Join(", ", Ulimit.Names)}."));
            }
            else if (!limit.IsOrdered)
            {
                errors.Add(new FieldError($"{field}.{name}.soft", $"must be at most the hard limit, which is {limit.Most}, not {limit.Soft}."));
            }
        }
    }

    internal override JsonNode? Tell(ImmutableSortedDictionary<string, Ulimit> value) =>
        new JsonObject(value.Select(limit => KeyValuePair.Create(limit.Key, s_limit.Tell(limit.Value))));

    internal override IEnumerable<(string Option, string Text)> Store(string option, ImmutableSortedDictionary<string, Ulimit> value) =>
        value.Select(limit => (option, $"{limit.Key}={limit.Value}"));

    internal override ImmutableSortedDictionary<string, Ulimit> Restore(
        string option, ILookup<string, string> lines, ImmutableSortedDictionary<string, Ulimit> missing) =>
        lines[option].Select(line => line.Split('=', ':')).ToImmutableSortedDictionary(
            parts => parts[0],
            parts => parts is [_, var soft, var hard] ? new Ulimit(ReadNumber(soft), ReadNumber(hard)) : throw new FormatException($"{option} is no limit."),
            StringComparer.Ordinal);

    internal override string? FindField(string field, string own, string option, string text) =>
        own == option ? $"{field}.{text.Split('=')[0]}" : null;

    internal override bool AreEqual(ImmutableSortedDictionary<string, Ulimit> one, ImmutableSortedDictionary<string, Ulimit> other) =>
        one.Select(limit => (limit.Key, limit.Value.ToString())).SequenceEqual(other.Select(limit => (limit.Key, limit.Value.ToString())));

    private static int ReadNumber(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
