using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Rollouts;

/// <summary>Does what plans ask for: one action a unit at a time, and a bounded number in all.</summary>
internal sealed class UnitActions(IFleetClient fleet, ITraffic traffic) : IDisposable
{
    private const int Parallelism = 64;

    private readonly SemaphoreSlim _slots = new(Parallelism);
    private readonly ConcurrentDictionary<UnitName, RolloutAction> _busy = new();

    /// <summary>The units that something is being done to at the moment.</summary>
    public IReadOnlySet<UnitName> BusyUnits => _busy.Keys.ToHashSet();

    /// <summary>
    /// Does one action. While another is at work on the same unit it does nothing: the next plan asks for it again.
    /// </summary>
    public async Task RunAsync(RolloutAction action, Intention? intention, CancellationToken cancellationToken)
    {
        if (!_busy.TryAdd(action.Unit, action))
        {
            return;
        }

        try
        {
            await DoAsync(action, intention, cancellationToken);
        }
        finally
        {
            _busy.TryRemove(action.Unit, out _);
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task DoAsync(RolloutAction action, Intention? intention, CancellationToken cancellationToken)
    {
        if (action is DestroyUnit)
        {
            // Outside the slots: requests may take long to end, and others must not wait for them.
            await traffic.ReleaseAsync(action.Unit, cancellationToken);
        }

        await _slots.WaitAsync(cancellationToken);
        try
        {
            await (action switch
            {
                LaunchUnit when intention is not null =>
                    fleet.LaunchUnitAsync(new UnitDefinition(action.Unit, intention), cancellationToken),
                SetTargetState set => fleet.SetTargetStateAsync(set.Unit, set.TargetState, cancellationToken),
                DestroyUnit => fleet.DestroyUnitAsync(action.Unit, cancellationToken),
                _ => throw new InvalidOperationException($"{action.GetType().Name} is no action that can be done."),
            });
        }
        finally
        {
            _slots.Release();
        }
    }
}
