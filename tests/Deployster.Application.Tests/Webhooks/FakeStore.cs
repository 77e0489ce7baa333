using Deployster.Application.History;
using Deployster.Application.Webhooks;

namespace Deployster.Application.Tests.Webhooks;

/// <summary>Deliveries that are written down, in memory.</summary>
internal sealed class FakeStore : IDeliveryStore
{
    private readonly Lock _lock = new();
    private readonly List<Delivery> _kept = [];

    /// <summary>While it is away it can neither be read nor written.</summary>
    public bool IsAway { get; set; }

    public IReadOnlyList<Delivery> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept];
            }
        }
    }

    public void Put(params IEnumerable<Delivery> deliveries)
    {
        lock (_lock)
        {
            _kept.AddRange(deliveries);
        }
    }

    public Task<IReadOnlyList<Delivery>> ListAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult(Kept);
    }

    public Task RemoveAsync(IReadOnlyCollection<DeliveryKey> deliveries, CancellationToken cancellationToken)
    {
        EnsureThere();
        lock (_lock)
        {
            _kept.RemoveAll(delivery => deliveries.Contains(delivery.Key));
        }

        return Task.CompletedTask;
    }

    private void EnsureThere()
    {
        if (IsAway)
        {
            throw new HistoryUnavailableException("it is away");
        }
    }
}
