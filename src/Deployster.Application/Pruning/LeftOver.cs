namespace Deployster.Application.Pruning;

/// <summary>A container that has ended and is of no use to anybody.</summary>
/// <param name="Name">The unit, or the id of the task, whose it was.</param>
/// <param name="ImageId">The id of its image; null where the fleet does not tell.</param>
/// <param name="RemoveAsync">Removes it; false where it is of use by now.</param>
internal sealed record LeftOver(string Name, string? ImageId, Func<CancellationToken, Task<bool>> RemoveAsync);
