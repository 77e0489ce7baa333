namespace Deployster.Api.Contracts;

/// <summary>What a prune removed, or would remove.</summary>
public sealed class PruneResource
{
    /// <summary>The images: their names, or the ids of those that had none.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The units and the ids of the tasks whose stopped containers were left over.</summary>
    public required IReadOnlyList<string> Containers { get; init; }

    /// <summary>About how many bytes became free. Layers that other images need do not count.</summary>
    public required long FreedBytes { get; init; }
}
