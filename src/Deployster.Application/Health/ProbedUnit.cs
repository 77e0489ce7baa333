namespace Deployster.Application.Health;

/// <summary>
/// One run of a unit that is probed until this is disposed of. One that was healthy becomes ill only after three
/// failures in a row.
/// </summary>
internal sealed class ProbedUnit : IDisposable
{
    private const int FailuresUntilIll = 3;

    // A unit that has just been started is about to answer: it is probed often at first, and then ever more seldom.
    private const double Growth = 1.2;
    private static readonly TimeSpan s_firstInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_portInterval = TimeSpan.FromSeconds(1);

    // A unit that has been healthy for a while is probed seldom, until a probe fails.
    private static readonly TimeSpan s_trial = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_calmInterval = TimeSpan.FromSeconds(5);

    private readonly IHealthProbe _probe;
    private readonly TimeProvider _time;
    private readonly Action _tellChange;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _complaint = HealthMonitor.NotYet;
    private volatile bool _isHealthy;
    private TimeSpan _healthySince;
    private TimeSpan _growing = s_firstInterval;
    private bool _hasBeenHealthy;
    private int _failures;

    public ProbedUnit(ProbeTarget target, IHealthProbe probe, TimeProvider time, Action tellChange)
    {
        (Target, _probe, _time, _tellChange) = (target, probe, time, tellChange);
        _ = ProbeAsync(_end.Token);
    }

    public ProbeTarget Target { get; }

    /// <summary>Ends with the first answer.</summary>
    public Task Answered => _answered.Task;

    public bool IsHealthy => _isHealthy;

    /// <summary>Why the last probe did not pass; null where it passed.</summary>
    public string? Complaint => _complaint;

    public void Dispose()
    {
        _end.Cancel();
        _answered.TrySetResult();
    }

    private TimeSpan NextInterval()
    {
        var own = Target.Check?.Interval ?? s_portInterval;
        if (!_hasBeenHealthy && _growing < own)
        {
            var interval = _growing;
            _growing *= Growth;
            return interval;
        }

        var isCalm = _isHealthy && _failures == 0 && _time.GetMonotonicTime() - _healthySince > s_trial;
        return isCalm && own < s_calmInterval ? s_calmInterval : own;
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Take(await FindComplaintAsync(cancellationToken));
                await Task.Delay(NextInterval(), _time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody asks any more.
        }
    }

    private async Task<string?> FindComplaintAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _probe.FindComplaintAsync(Target, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever somebody wrote into a unit must not stop the probes.
            return $"cannot be probed: {e.Message}";
        }
    }

    private void Take(string? complaint)
    {
        var wasHealthy = _isHealthy;
        var hasChanged = complaint != _complaint;
        _failures = complaint is null ? 0 : _failures + 1;
        _complaint = complaint;
        _isHealthy = complaint is null || (wasHealthy && _failures < FailuresUntilIll);
        if (_isHealthy && !wasHealthy)
        {
            _hasBeenHealthy = true;
            _healthySince = _time.GetMonotonicTime();
        }

        _answered.TrySetResult();
        if (_isHealthy != wasHealthy || (hasChanged && !_isHealthy))
        {
            _tellChange();
        }
    }
}
