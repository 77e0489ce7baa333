using System.Collections.Immutable;
using System.Text.Json;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>
/// What a request says of a spec: the fields that it gives, with their values in JSON. A field that it leaves out is inherited.
/// </summary>
/// <param name="given">The fields by their names in the API.</param>
public sealed class SpecChanges(IReadOnlyDictionary<string, JsonElement> given)
{
    /// <summary>Nothing: all is inherited.</summary>
    public static SpecChanges None { get; } = new(ImmutableDictionary<string, JsonElement>.Empty);

    /// <summary>The names of the fields that are left out and so inherited.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. SpecFields.All.Select(declared => declared.Name).Where(name => !given.ContainsKey(name))];

    /// <summary>What is wrong with the fields that are given.</summary>
    public IReadOnlyList<FieldError> FindErrors()
    {
        var errors = new List<FieldError>();
        foreach (var name in given.Keys.Where(name => SpecFields.Find(name) is null))
        {
            errors.Add(new FieldError(name, "is unknown."));
        }

        foreach (var (field, value) in Given.Where(pair => !MeansDefault(pair.Value)))
        {
            field.FindErrors(value, field.Name, errors);
        }

        return errors;
    }

    /// <summary>The spec that comes of these changes, which must have no errors.</summary>
    /// <param name="inherited">The spec of the version that runs; <see cref="DeploySpec.Default"/> where there is not exactly one.</param>
    public DeploySpec ApplyTo(DeploySpec inherited) => Given.Aggregate(
        inherited,
        (spec, pair) => MeansDefault(pair.Value) ? pair.Field.Copy(DeploySpec.Default, spec) : pair.Field.Give(spec, pair.Value));

    private IEnumerable<(Field<DeploySpec> Field, JsonElement Value)> Given =>
        SpecFields.All.Where(declared => given.ContainsKey(declared.Name)).Select(declared => (declared, given[declared.Name]));

    // To give null is not to leave out: the field has its default again.
    private static bool MeansDefault(JsonElement value) => value.ValueKind == JsonValueKind.Null;
}
