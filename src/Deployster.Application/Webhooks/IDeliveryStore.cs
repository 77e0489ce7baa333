using Deployster.Application.History;

namespace Deployster.Application.Webhooks;

/// <summary>
/// The deliveries that are written down and under way. They are written with the deploy or task that they tell of.
/// Each operation throws <see cref="HistoryUnavailableException"/>, within two seconds, where it cannot be done.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>All of them, in the order in which they were written down.</summary>
    Task<IReadOnlyList<Delivery>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Forgets some. To forget one that is not there does nothing.</summary>
    Task RemoveAsync(IReadOnlyCollection<DeliveryKey> deliveries, CancellationToken cancellationToken);
}
