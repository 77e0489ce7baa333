using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Health;

/// <summary>
/// Makes <see cref="Phase.Running"/> into <see cref="Phase.Healthy"/>, for fleets that do not check themselves: the
/// unit's probe passes, and its image's HEALTHCHECK. Each unit is probed at its own pace, whoever asks.
/// </summary>
internal sealed class HealthMonitor(IHealthProbe probe, TimeProvider time) : IDisposable
{
    /// <summary>What is said of a unit that has not answered any probe yet.</summary>
    public const string NotYet = "not probed yet";

    // A Deployster that has just started must not take all that has been running for ill.
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly Signal _changed = new();
    private Dictionary<UnitName, ProbedUnit> _probed = [];
    private bool _hasTracked;

    /// <summary>Ends when a probe has found out that a unit does otherwise than before.</summary>
    public Task Changed => _changed.Next;

    /// <summary>Probes these units from now on, and no others. Waits a moment for what has never been probed.</summary>
    public async Task TrackAsync(IReadOnlyList<Unit> units)
    {
        List<ProbedUnit> begun = [];
        TimeSpan patience;
        lock (_lock)
        {
            var before = _probed;
            _probed = [];
            foreach (var target in units.Select(ProbeTarget.Of).OfType<ProbeTarget>())
            {
                if (!before.Remove(target.Unit, out var known) || known.Target != target)
                {
                    known?.Dispose();
                    known = new ProbedUnit(target, probe, time, _changed.Set);
                    begun.Add(known);
                }

                _probed[target.Unit] = known;
            }

            foreach (var gone in before.Values)
            {
                gone.Dispose();
            }

            patience = _hasTracked ? s_patience : s_firstPatience;
            _hasTracked = true;
        }

        if (begun.Count > 0)
        {
            await Task.WhenAll(begun.Select(unit => unit.Answered)).WaitAtMostAsync(patience, time, CancellationToken.None);
        }
    }

    /// <summary>The unit as its probes find it.</summary>
    public Unit Judge(Unit unit)
    {
        if (unit.Phase != Phase.Running)
        {
            return unit;
        }

        ProbedUnit? probed;
        lock (_lock)
        {
            probed = _probed.GetValueOrDefault(unit.Name);
        }

        return unit switch
        {
            { PassesHealthcheck: false } => unit,

            // There is nothing to ask: to run is all that it can do.
            { Intention.Spec.ProbedPort: null } => unit with { Phase = Phase.Healthy, Detail = null },
            _ when probed is { IsHealthy: true } => unit with { Phase = Phase.Healthy, Detail = null },
            { Detail: null } => unit with { Detail = probed is null ? NotYet : probed.Complaint },
            _ => unit,
        };
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var unit in _probed.Values)
            {
                unit.Dispose();
            }

            _probed = [];
        }
    }
}
