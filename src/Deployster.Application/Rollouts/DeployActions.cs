using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Application.Rollouts;

/// <summary>Does what plans ask for: one thing to a deploy's number, or to one of its units, at a time.</summary>
internal sealed class DeployActions(IFleetClient fleet, ITraffic traffic, TimeProvider time) : IDisposable
{
    private const int MostDestroyedAtOnce = 64;

    private readonly SemaphoreSlim _slots = new(MostDestroyedAtOnce);
    private readonly ConcurrentDictionary<DeployId, TimeSpan> _kept = new();
    private readonly ConcurrentDictionary<UnitName, Leaving> _leaving = new();
    private readonly StopDrains _stopDrains = new(traffic);

    /// <summary>Whether a reading may lack units of the deploy that were made, or begun to be, after it began.</summary>
    public bool IsOutdated(DeployId deployId, FleetReading reading) =>
        _kept.TryGetValue(deployId, out var ended) && ended >= reading.BeganAt;

    /// <summary>Whether the unit is being drained or destroyed.</summary>
    public bool IsLeaving(UnitName unit) => _leaving.ContainsKey(unit);

    /// <summary>
    /// Makes a deploy be so. While that is being done already, or units that are to stop are still being drained, it does
    /// nothing: the next plan asks again.
    /// </summary>
    public async Task KeepAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        var steps = UnitSteps.To(target);
        if (!_stopDrains.AreDrained(steps.Stop, cancellationToken))
        {
            return;
        }

        var before = _kept.GetValueOrDefault(target.DeployId, TimeSpan.MinValue);
        if (before == TimeSpan.MaxValue || !TryClaim(target.DeployId, before))
        {
            return;
        }

        try
        {
            var whole = WithSecrets(target);

            // A unit of this name may have been destroyed before.
            foreach (var unit in steps.Make)
            {
                traffic.StopDraining(unit.Name);
            }

            foreach (var unit in steps.Start)
            {
                _stopDrains.TakeBack(unit);
            }

            await fleet.ApplyAsync(whole, cancellationToken);
        }
        finally
        {
            _kept[target.DeployId] = time.GetMonotonicTime();
        }
    }

    /// <summary>Marks units: they never come back.</summary>
    public Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        fleet.MarkGoneAsync(units, cancellationToken);

    /// <summary>Drains a unit that is marked, and stops it. While it is leaving already, it waits for the end of that.</summary>
    public Task StopAsync(UnitName unit, CancellationToken cancellationToken) => LeaveAsync(unit, fleet.StopAsync, cancellationToken);

    /// <summary>
    /// Drains a unit that is marked, and destroys it. While it is leaving already, it waits for the end of that.
    /// </summary>
    /// <returns>Whether it was done: it was not where the unit was taken back.</returns>
    public Task<bool> DestroyAsync(UnitName unit, CancellationToken cancellationToken) => LeaveAsync(unit, fleet.DestroyAsync, cancellationToken);

    /// <summary>Takes a unit back that is to be stopped or destroyed, as long as it is only being drained.</summary>
    public void StopDraining(UnitName unit)
    {
        _stopDrains.TakeBack(unit);
        if (_leaving.TryGetValue(unit, out var leaving))
        {
            leaving.DrainStop.Cancel();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<bool> LeaveAsync(
        UnitName unit, Func<IReadOnlyCollection<UnitName>, CancellationToken, Task> end, CancellationToken cancellationToken)
    {
        var leaving = new Leaving(new(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_leaving.GetOrAdd(unit, leaving) is var first && first != leaving)
        {
            return await first.End.Task.WaitAsync(cancellationToken);
        }

        try
        {
            leaving.End.SetResult(await DrainAsync(unit, leaving.DrainStop.Token, cancellationToken) && await EndAsync(unit, end, cancellationToken));
        }
        catch (Exception e)
        {
            leaving.End.SetException(e);
        }
        finally
        {
            _leaving.TryRemove(unit, out _);
        }

        return await leaving.End.Task;
    }

    // What comes from the history has no values: those stand in the deploy's units alone.
    private static DeployTarget WithSecrets(DeployTarget target)
    {
        if (target.Intention is not { } intention)
        {
            return target;
        }

        var spec = intention.Spec.WithSecretsOf(target.Seen.Select(unit => unit.Intention?.Spec).OfType<DeploySpec>());
        var whole = target with { Intention = intention with { Spec = spec } };
        var steps = UnitSteps.To(whole);
        return spec.FindMissingSecrets().FirstOrDefault() is { } missing && (steps.Make.Length > 0 || steps.MakeStopped.Length > 0)
            ? throw new SpecRefusedException(
                $"deploy.{SpecFields.SecretEnv.Name}.{missing}",
                "has no value any more: it stood in the deploy's units alone, and none is left. Deploy again with the value.")
            : whole;
    }

    // The largest time means that somebody is at it.
    private bool TryClaim(DeployId deployId, TimeSpan before) => before == TimeSpan.MinValue
        ? _kept.TryAdd(deployId, TimeSpan.MaxValue)
        : _kept.TryUpdate(deployId, TimeSpan.MaxValue, before);

    // Outside the slots: requests may take long to end, and other units must not wait for them.
    private async Task<bool> DrainAsync(UnitName unit, CancellationToken drainStop, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drainStop, cancellationToken);
        try
        {
            await traffic.DrainAsync(unit, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> EndAsync(
        UnitName unit, Func<IReadOnlyCollection<UnitName>, CancellationToken, Task> end, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await end([unit], cancellationToken);
            _stopDrains.Forget(unit);
            return true;
        }
        catch
        {
            traffic.StopDraining(unit);
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>A unit on its way out.</summary>
    private sealed record Leaving(CancellationTokenSource DrainStop, TaskCompletionSource<bool> End);
}
