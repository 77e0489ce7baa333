using System.Collections.Immutable;

namespace Deployster.Domain.Specs;

/// <summary>Where an engine writes the output of a container.</summary>
/// <param name="Driver">The name of the engine's log driver.</param>
public sealed record LogDestination(string Driver)
{
    /// <summary>The driver's options by name.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
