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
    private readonly ConcurrentDictionary<UnitName, CancellationTokenSource> _busy = new();

    /// <summary>The units that something is being done to at the moment.</summary>
    public IReadOnlySet<UnitName> BusyUnits => _busy.Keys.ToHashSet();

    /// <summary>
    /// Does one action. While another is at work on the same unit it does nothing: the next plan asks for it again.
    /// </summary>
    public async Task RunAsync(RolloutAction action, Intention? intention, CancellationToken cancellationToken)
    {
        var takenBack = new CancellationTokenSource();
        if (!_busy.TryAdd(action.Unit, takenBack))
        {
            return;
        }

        try
        {
            await (action switch
            {
                LaunchUnit when intention is not null => LaunchAsync(new UnitDefinition(action.Unit, intention), cancellationToken),
                SetTargetState set => InSlotAsync(() => fleet.SetTargetStateAsync(set.Unit, set.TargetState, cancellationToken), cancellationToken),
                DestroyUnit => DestroyAsync(action.Unit, takenBack.Token, cancellationToken),
                _ => throw new InvalidOperationException($"{action.GetType().Name} is no action that can be done."),
            });
        }
        finally
        {
            _busy.TryRemove(action.Unit, out _);
        }
    }

    /// <summary>Takes a unit back that is to be destroyed, as long as only its requests are being waited for.</summary>
    public void TakeBack(UnitName unit)
    {
        if (_busy.TryGetValue(unit, out var takenBack))
        {
            takenBack.Cancel();
        }
    }

    public void Dispose() => _slots.Dispose();

    private Task LaunchAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        // A unit of this name may have been destroyed before.
        traffic.Restore(definition.Name);
        return InSlotAsync(() => fleet.LaunchUnitAsync(definition, cancellationToken), cancellationToken);
    }

    private async Task DestroyAsync(UnitName unit, CancellationToken takenBack, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(takenBack, cancellationToken);
        try
        {
            // Outside the slots: requests may take long to end, and others must not wait for them.
            await traffic.ReleaseAsync(unit, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await InSlotAsync(() => fleet.DestroyUnitAsync(unit, cancellationToken), cancellationToken);
        }
        catch
        {
            traffic.Restore(unit);
            throw;
        }
    }

    private async Task InSlotAsync(Func<Task> act, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await act();
        }
        finally
        {
            _slots.Release();
        }
    }
}
