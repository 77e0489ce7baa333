using System.Collections.Immutable;

namespace Deployster.Domain.Specs;

/// <summary>What can be said of a spec's secret variables.</summary>
public static class SecretVariables
{
    /// <summary>No secrets.</summary>
    public static ImmutableSortedDictionary<string, Secret> None { get; } =
        ImmutableSortedDictionary.Create<string, Secret>(StringComparer.Ordinal);

    /// <summary>The secrets with others merged by name. One without a value removes the name.</summary>
    public static ImmutableSortedDictionary<string, Secret> Merge(
        this ImmutableSortedDictionary<string, Secret> secrets, IEnumerable<KeyValuePair<string, Secret>> changes)
    {
        var given = changes.ToLookup(change => change.Value.Value is not null);
        return secrets.SetItems(given[true]).RemoveRange(given[false].Select(removed => removed.Key));
    }

    /// <summary>The secrets with those of a request merged by name; null removes one, and no request changes nothing.</summary>
    public static ImmutableSortedDictionary<string, Secret> Merge(
        this ImmutableSortedDictionary<string, Secret> secrets, IReadOnlyDictionary<string, string?>? request) =>
        secrets.Merge((request ?? ImmutableDictionary<string, string?>.Empty).Select(given => KeyValuePair.Create(given.Key, new Secret(given.Value))));

    /// <summary>The spec with the names of its secrets, and no values.</summary>
    public static DeploySpec WithoutSecrets(this DeploySpec spec) => spec.SecretEnv.IsEmpty ? spec : spec with
    {
        SecretEnv = SecretVariables.None.AddRange(spec.SecretEnv.Keys.Select(name => KeyValuePair.Create(name, Secret.Unknown))),
    };

    /// <summary>The spec with values for those of its secrets that have none, where others have them.</summary>
    public static DeploySpec WithSecretsOf(this DeploySpec spec, params IEnumerable<DeploySpec> others)
    {
        foreach (var other in others)
        {
            spec = spec with
            {
                SecretEnv = spec.SecretEnv.SetItems(spec.FindMissingSecrets().Where(other.SecretEnv.ContainsKey)
                    .Select(name => KeyValuePair.Create(name, other.SecretEnv[name]))
                    .ToList()),
            };
        }

        return spec;
    }

    /// <summary>The names of the secrets that have no value here.</summary>
    public static IEnumerable<string> FindMissingSecrets(this DeploySpec spec) =>
        spec.SecretEnv.Where(secret => secret.Value.Value is null).Select(secret => secret.Key);
}
