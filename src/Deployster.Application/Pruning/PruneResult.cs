namespace Deployster.Application.Pruning;

/// <summary>What a prune has removed, or would remove.</summary>
/// <param name="Images">The names of images, and the ids of those that had none.</param>
/// <param name="Containers">The units, and the ids of the tasks, whose containers were left over.</param>
/// <param name="FreedBytes">About how many bytes of images became free.</param>
public sealed record PruneResult(IReadOnlyList<string> Images, IReadOnlyList<string> Containers, long FreedBytes);
