using Deployster.Domain.Images;

namespace Deployster.Application.Pruning;

/// <summary>Stands for the images of fleets whose machines Deployster does not reach.</summary>
internal sealed class NoImages : IImageStore
{
    public Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellationToken) => throw NotOffered();

    public Task<IReadOnlyDictionary<string, long>> MeasureAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => throw NotOffered();

    public Task<RemovalEnd> RemoveAsync(ImageRemoval removal, CancellationToken cancellationToken) => throw NotOffered();

    private static PruneNotOfferedException NotOffered() =>
        new("This fleet's machines keep their images themselves: Deployster does not reach them. Only images of a Docker Engine are pruned.");
}
