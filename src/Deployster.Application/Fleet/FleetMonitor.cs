using System.Runtime.CompilerServices;
using Deployster.Application.Health;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Fleet;

/// <summary>
/// The only class that reads the fleet's units. It publishes versioned readings, which all others take from here. It reads when
/// the fleet tells of a change, every second while a unit is on its way, and seldom otherwise; of a fleet that tells no
/// changes, only when somebody asks.
/// </summary>
internal sealed partial class FleetMonitor(
    IFleetClient fleet, HealthMonitor health, TimeProvider time, ILogger<FleetMonitor> logger) : ResilientService(time, logger)
{
    private const int MostGathered = 32;

    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_seldom = TimeSpan.FromSeconds(30);

    // A crowd waits so long for each of its members, for MostGathered at the most. This is the processor's time and not
    // the rules', so no test's clock counts it.
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly Signal _changed = new();
    private readonly Signal _published = new();
    private TaskCompletionSource<FleetReading>? _next;
    private int _waiting;
    private IReadOnlyList<Unit> _units = [];
    private bool _isReading;

    /// <summary>The reading that was published last; null before the first.</summary>
    public FleetReading? Latest { get; private set; }

    /// <summary>
    /// A reading that began after this call. Those who ask while the fleet is being read share the next reading.
    /// </summary>
    /// <exception cref="FleetUnavailableException">The fleet does not answer.</exception>
    public Task<FleetReading> ReadAsync(CancellationToken cancellationToken)
    {
        Task<FleetReading> shared;
        lock (_lock)
        {
            _next ??= new TaskCompletionSource<FleetReading>(TaskCreationOptions.RunContinuationsAsynchronously);
            shared = _next.Task;
            _waiting++;
            if (!_isReading)
            {
                _isReading = true;
                _ = Task.Run(ReadForAllAsync, CancellationToken.None);
            }
        }

        return shared.WaitAsync(cancellationToken);
    }

    /// <summary>Ends when a reading has been published that is newer than <paramref name="version"/>.</summary>
    public async Task WaitForNewerAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var published = _published.Next;
            if (Latest?.Version > version)
            {
                return;
            }

            await published.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The latest reading, then every later one that is the latest at its time, without an end.</summary>
    public async IAsyncEnumerable<FleetReading> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var seen = 0L; ;)
        {
            await WaitForNewerAsync(seen, cancellationToken);
            var latest = Latest!;
            seen = latest.Version;
            yield return latest;
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) => RunTogetherAsync(
        fleet.Traits.TellsChanges ? [ListenAsync, KeepReadingAsync, JudgeAnewAsync] : [JudgeAnewAsync], stoppingToken);

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await foreach (var _ in fleet.WatchAsync(cancellationToken))
                {
                    _changed.Set();
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotTold(e.Message);
            }

            await Task.Delay(s_soon, Time, cancellationToken);
        }
    }

    private async Task KeepReadingAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            var changed = _changed.Next;
            var pause = s_soon;
            try
            {
                pause = IsSettled(await ReadAsync(cancellationToken)) ? s_seldom : s_soon;
                told = null;
            }
            catch (FleetUnavailableException e)
            {
                if (e.Message != told)
                {
                    LogNotRead(told = e.Message);
                }
            }

            await changed.WaitAtMostAsync(pause, Time, cancellationToken);
        }
    }

    // What the probes find out changes no unit of the fleet, and still how it does.
    private async Task JudgeAnewAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taken first: what they find out while this judges, or before it began, must not be missed.
            var changed = health.Changed;
            lock (_lock)
            {
                if (Latest is { } latest)
                {
                    Publish(_units, latest.BeganAt);
                }
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private async Task ReadForAllAsync()
    {
        for (var crowd = 1; ;)
        {
            // Those who have been answered together ask again together: a reading for the first of them would serve nobody else.
            crowd = Math.Min(crowd, MostGathered);
            for (var pause = 1; pause < crowd && Volatile.Read(ref _waiting) < crowd; pause++)
            {
                await Task.Delay(s_gathering, TimeProvider.System);
            }

            TaskCompletionSource<FleetReading> asked;
            lock (_lock)
            {
                if (_next is null)
                {
                    _isReading = false;
                    return;
                }

                (asked, _next) = (_next, null);
                (crowd, _waiting) = (_waiting, 0);
            }

            try
            {
                asked.SetResult(await ReadOnceAsync());
            }
            catch (Exception e)
            {
                asked.SetException(e);
            }
        }
    }

    private async Task<FleetReading> ReadOnceAsync()
    {
        var began = Time.GetMonotonicTime();
        var units = await fleet.ReadAsync(CancellationToken.None);
        if (!fleet.Traits.ChecksHealth)
        {
            await health.TrackAsync(units);
        }

        lock (_lock)
        {
            if (fleet.Traits.ChecksHealth && Latest is { } latest && ReferenceEquals(units, _units))
            {
                // Nothing has changed: those who wait for news need not look.
                return Latest = latest with { BeganAt = began };
            }

            _units = units;
            return Publish(units, began);
        }
    }

    private FleetReading Publish(IReadOnlyList<Unit> units, TimeSpan began)
    {
        var judged = fleet.Traits.ChecksHealth ? units : units.Select(health.Judge);
        Latest = new FleetReading((Latest?.Version ?? 0) + 1, began, FleetReading.InOrder(judged));
        _published.Set();
        return Latest;
    }

    private static bool IsSettled(FleetReading reading) =>
        reading.Units.All(unit => unit.Wanted == Wanted.Stopped || (unit.IsWanted && unit.IsHealthy));

    [LoggerMessage(LogLevel.Debug, "The fleet does not tell of changes for now: {Cause}")]
    private partial void LogNotTold(string cause);

    [LoggerMessage(LogLevel.Warning, "The fleet cannot be read; routes stay as they are: {Cause}")]
    private partial void LogNotRead(string cause);
}
