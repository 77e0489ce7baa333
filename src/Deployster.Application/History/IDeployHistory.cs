using Deployster.Domain.Images;
using Deployster.Domain.Names;

namespace Deployster.Application.History;

/// <summary>
/// Remembers deploys and what happened to them. The fleet is the truth; this is what one likes to know besides.
/// Every operation throws <see cref="HistoryUnavailableException"/>, within two seconds, where it cannot be done:
/// deploys go on without.
/// </summary>
public interface IDeployHistory
{
    /// <summary>
    /// Writes a deploy, new or changed, together with what has happened to it since the last time.
    /// To write the same twice changes nothing.
    /// </summary>
    Task SaveAsync(DeployRecord record, IReadOnlyList<DeployEvent> events, CancellationToken cancellationToken);

    /// <summary>A deploy; without a timestamp the one of this version that was asked for last. Null where there is none.</summary>
    Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken);

    /// <summary>A service's deploys, or those of all, those asked for last first.</summary>
    /// <param name="service">The service; null for all.</param>
    /// <param name="cursor">Where to begin: a page's <see cref="DeployPage.NextCursor"/>; null for the newest.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FormatException">The cursor is none that a page gave.</exception>
    Task<DeployPage> ListAsync(ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>All deploys of all services whose end is not written down.</summary>
    Task<IReadOnlyList<DeployRecord>> ListUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>All deploys of all services that are to keep units.</summary>
    Task<IReadOnlyList<DeployRecord>> ListKeptAsync(CancellationToken cancellationToken);

    /// <summary>The images that deploys had, those of all services: each at least once for each service, in no order.</summary>
    Task<IReadOnlyList<DeployedImage>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>What happened to a deploy after the event <paramref name="after"/> (0 for all), in order.</summary>
    Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(DeployId deployId, long after, CancellationToken cancellationToken);
}
