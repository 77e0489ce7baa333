using System.Collections.Immutable;
using System.Text.Json;
using Deployster.Domain.Specs.Fields;

namespace Deployster.Domain.Specs;

/// <summary>
/// What a request says of a spec: the fields that it gives, with their values in JSON, and those that it clears. A field
/// that it leaves out is inherited.
/// </summary>
/// <param name="given">The fields by their names in the API. Null is left out, too: many clients send it for what is not set.</param>
/// <param name="cleared">The names of the fields that have their defaults again.</param>
public sealed class SpecChanges(IReadOnlyDictionary<string, JsonElement> given, IReadOnlyList<string?>? cleared = null)
{
    private readonly IReadOnlyList<string?> _cleared = cleared ?? [];

    /// <summary>Nothing: all is inherited.</summary>
    public static SpecChanges None { get; } = new(ImmutableDictionary<string, JsonElement>.Empty);

    /// <summary>The names of the fields that are left out and so inherited.</summary>
    public IReadOnlyList<string> LeftOut =>
        [.. SpecFields.All.Where(declared => !IsGiven(declared.Name) && !_cleared.Contains(declared.Name)).Select(declared => declared.Name)];

    private IEnumerable<Field<DeploySpec>> Given => SpecFields.All.Where(declared => IsGiven(declared.Name));

    /// <summary>What is wrong with the fields that are given or cleared.</summary>
    public IReadOnlyList<FieldError> FindErrors()
    {
        var errors = new List<FieldError>();
        foreach (var name in given.Keys.Where(name => SpecFields.Find(name) is null))
        {
            errors.Add(new FieldError(name, "is unknown."));
        }

        foreach (var declared in Given)
        {
            declared.FindErrors(given[declared.Name], declared.Name, errors);
        }

        foreach (var name in _cleared.Distinct())
        {
            if (name is null || SpecFields.Find(name) is null)
            {
                errors.Add(new FieldError("clear", $"must hold names of fields that a deploy inherits, not '{name}'."));
            }
            else if (IsGiven(name))
            {
                errors.Add(new FieldError("clear", $"must not hold '{name}', which the deploy sets."));
            }
        }

        return errors;
    }

    /// <summary>The spec that comes of these changes, which must have no errors.</summary>
    /// <param name="inherited">The spec of the version that runs; <see cref="DeploySpec.Default"/> where there is not exactly one.</param>
    public DeploySpec ApplyTo(DeploySpec inherited)
    {
        var rest = SpecFields.All.Where(declared => _cleared.Contains(declared.Name))
            .Aggregate(inherited, (spec, declared) => declared.Copy(DeploySpec.Default, spec));
        return Given.Aggregate(rest, (spec, declared) => declared.Give(spec, given[declared.Name]));
    }

    private bool IsGiven(string name) => given.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
