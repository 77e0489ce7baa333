using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>
/// Carries all rollouts on, once a request has ordered the first launch: while any is under way it takes a reading of the
/// fleet at least once a second for all of them together, asks the planner what comes next, and has it done. While none
/// is, it looks at what others read, and mends what is missing or left over.
/// </summary>
internal sealed partial class RolloutReconciler(
    FleetMonitor monitor,
    ITraffic traffic,
    RolloutStep step,
    LiveRollouts rollouts,
    DeployArchive archive,
    RolloutAdoption adoption,
    UnitKeeper keeper,
    UnitSweeper sweeper,
    TimeProvider time,
    ILogger<RolloutReconciler> logger) : ResilientService(time, logger)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private bool _isAdopted;
    private bool _isWaiting;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        for (var pause = s_pace; ;)
        {
            try
            {
                var changed = rollouts.Changed;
                var seen = await PassAsync(stoppingToken);
                pause = s_pace;
                await RestAsync(seen, changed, stoppingToken);

                // A pass that finds nothing to do looks at no token.
                stoppingToken.ThrowIfCancellationRequested();
                continue;
            }
            catch (FleetUnavailableException e)
            {
                adoption.Fail(e);
                LogFleetUnavailable(e.Message);
                step.TellAll($"{e.Message}; trying again");
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Nobody waits for ever.
                adoption.Fail(e);
                LogUnexpected(e);
            }

            pause = Backoff.After(pause, s_longestPause);
            await Task.Delay(pause, Time, stoppingToken);
        }
    }

    private async Task<long> PassAsync(CancellationToken cancellationToken)
    {
        var latest = monitor.Latest;
        var reading = latest is null || !_isAdopted || rollouts.UnderWay.Count > 0 || UnitSweeper.HasWork(latest)
            ? await monitor.ReadAsync(cancellationToken)
            : latest;
        if (!_isAdopted)
        {
            _isAdopted = await adoption.TakeUpFromHistoryAsync(reading, cancellationToken);
        }

        _isWaiting = (await adoption.TakeUpFromFleetAsync(reading, cancellationToken)).Count > 0;

        // First the gateways learn who is healthy, then those go that are not needed any more.
        traffic.Show(reading);
        foreach (var rollout in rollouts.UnderWay)
        {
            await step.TryTakeAsync(rollout, reading, cancellationToken);
        }

        foreach (var unsaved in rollouts.All.Where(rollout => !rollout.IsUnderWay && !rollout.IsSaved))
        {
            await archive.TrySaveAsync(unsaved, cancellationToken);
        }

        await keeper.LearnAsync(reading, cancellationToken);
        await keeper.MendAsync(reading, cancellationToken);
        await sweeper.SweepAsync(reading, cancellationToken);
        return reading.Version;
    }

    private async Task RestAsync(long seen, Task changed, CancellationToken stoppingToken)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var any = Task.WhenAny(monitor.WaitForNewerAsync(seen, rest.Token), changed);
        try
        {
            await any.WaitAtMostAsync(FindPause(), Time, stoppingToken);
        }
        finally
        {
            await rest.CancelAsync();
        }
    }

    // Infinite where nothing is left to be done: then the next reading, or the next rollout, is waited for.
    private TimeSpan FindPause()
    {
        if (rollouts.UnderWay.Count > 0)
        {
            return s_pace;
        }

        var isSwept = monitor.Latest is not { } latest || !UnitSweeper.HasWork(latest);
        var isMended = keeper.IsTold && !keeper.HasWork;
        var isSaved = rollouts.All.All(rollout => rollout.IsSaved);
        return _isAdopted && !_isWaiting && isSwept && isMended && isSaved ? Timeout.InfiniteTimeSpan : DeployArchive.RetryAfter;
    }

    [LoggerMessage(LogLevel.Warning, "Rollouts wait: {Cause}")]
    private partial void LogFleetUnavailable(string cause);

    [LoggerMessage(LogLevel.Error, "Carrying rollouts on failed and is tried again")]
    private partial void LogUnexpected(Exception exception);
}
