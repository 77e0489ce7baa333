using Deployster.Application.Fleet;
using Deployster.Domain.Images;

namespace Deployster.Application.Pruning;

/// <summary>
/// The images that the fleet's machine has. Every operation throws <see cref="FleetUnavailableException"/> where the engine
/// does not answer.
/// </summary>
public interface IImageStore
{
    /// <summary>All images, whosever they are.</summary>
    /// <exception cref="PruneNotOfferedException">The fleet's machines see to their images themselves.</exception>
    Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// About how many bytes become free by each of these images when they are removed in this order. Layers that images share
    /// become free with the last of them.
    /// </summary>
    Task<IReadOnlyDictionary<string, long>> MeasureAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Removes names of an image, and the image if that is asked for; never by force. What a name has come to mean since is
    /// left alone.
    /// </summary>
    Task<RemovalEnd> RemoveAsync(ImageRemoval removal, CancellationToken cancellationToken);
}
