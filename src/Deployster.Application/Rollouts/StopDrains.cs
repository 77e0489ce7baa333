using System.Collections.Concurrent;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Application.Rollouts;

/// <summary>
/// The units that are to be stopped and may come back. Each is drained first. It stays drained until it is taken back, so
/// that it gets no requests while it ends.
/// </summary>
internal sealed class StopDrains(ITraffic traffic)
{
    private readonly ConcurrentDictionary<UnitName, Entry> _drains = new();

    /// <summary>Whether all of these are drained. Those that are not are drained from now on.</summary>
    public bool AreDrained(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken)
    {
        foreach (var unit in units)
        {
            var entry = new Entry(new CancellationTokenSource());
            if (_drains.TryAdd(unit, entry))
            {
                _ = DrainAsync(unit, entry, cancellationToken);
            }
        }

        return units.All(unit => _drains.TryGetValue(unit, out var entry) && entry.IsDrained);
    }

    /// <summary>A unit runs on, or comes back: it may be sent requests again.</summary>
    public void TakeBack(UnitName unit)
    {
        if (_drains.TryRemove(unit, out var entry))
        {
            entry.Stop.Cancel();
            traffic.StopDraining(unit);
        }
    }

    /// <summary>A unit is gone.</summary>
    public void Forget(UnitName unit) => _drains.TryRemove(unit, out _);

    private async Task DrainAsync(UnitName unit, Entry entry, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(entry.Stop.Token, cancellationToken);
        try
        {
            await traffic.DrainAsync(unit, either.Token);
            entry.IsDrained = true;
            if (entry.Stop.IsCancellationRequested)
            {
                // It was taken back before it was over, and nobody else knows of it any more.
                traffic.StopDraining(unit);
            }
        }
        catch (OperationCanceledException)
        {
            // It was taken back, or the next Deployster goes on.
        }
    }

    private sealed class Entry(CancellationTokenSource stop)
    {
        private volatile bool _isDrained;

        public CancellationTokenSource Stop { get; } = stop;

        public bool IsDrained
        {
            get => _isDrained;
            set => _isDrained = value;
        }
    }
}
