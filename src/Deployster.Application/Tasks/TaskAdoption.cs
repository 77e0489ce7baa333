using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>
/// Takes up the tasks that a Deployster before this one has left: in containers, and in the history.
/// While the history does not answer, only containers that run are taken up: nothing is removed or ended because of silence.
/// Once all are taken up, the outputs of forgotten tasks are swept, now and then.
/// </summary>
internal sealed partial class TaskAdoption(
    ITaskEngine engine,
    ITaskHistory history,
    TaskArchive archive,
    LiveTasks tasks,
    TaskRunner runner,
    TaskSweep sweep,
    LiveRollouts rollouts,
    RolloutAdoption rolloutAdoption,
    TimeProvider time,
    ILogger<TaskAdoption> logger) : ResilientService(time, logger)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_sweepPause = TimeSpan.FromHours(1);

    private readonly TimeProvider _time = time;

    /// <summary>Takes up what there is, but for what this process has begun or taken up already.</summary>
    /// <returns>Whether that was all; false where something must be tried again later.</returns>
    public async Task<bool> TakeUpAsync(CancellationToken cancellationToken)
    {
        var containers = await engine.ListAsync(cancellationToken);
        var unfinished = await TryAskAsync(() => history.ListUnfinishedAsync(cancellationToken));
        var isAll = unfinished is not null;
        foreach (var container in containers)
        {
            isAll &= await TryAsync(
                container.Task,
                () => unfinished is null ? Task.FromResult(TakeUpUntold(container)) : TakeUpAsync(container, cancellationToken),
                cancellationToken);
        }

        foreach (var record in (unfinished?.Value ?? []).ExceptBy(containers.Select(container => container.Task.Id), it => it.Id))
        {
            isAll &= await TryAsync(record, () => EndAsync(record.Id, cancellationToken), cancellationToken);
        }

        return isAll;
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        for (var pause = s_firstPause; !await TryTakeUpAsync(pause == s_firstPause, stoppingToken);)
        {
            await Task.Delay(pause, _time, stoppingToken);
            pause = Backoff.After(pause, s_longestPause);
        }

        while (true)
        {
            await sweep.SweepAsync(stoppingToken);
            await Task.Delay(s_sweepPause, _time, stoppingToken);
        }
    }

    private async Task<bool> TryTakeUpAsync(bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeUpAsync(cancellationToken);
        }
        catch (FleetUnavailableException e)
        {
            // Who runs no tasks needs no engine, and does not have to be told again and again.
            LogWaiting(isFirst ? LogLevel.Information : LogLevel.Debug, e.Message);
            return false;
        }
    }

    /// <summary>Takes up one task, which must not keep the others from being taken up.</summary>
    private async Task<bool> TryAsync(TaskRecord record, Func<Task<bool>> takeUp, CancellationToken cancellationToken)
    {
        // A release command is its rollout's, for as long as that is under way.
        var (id, deploy) = (record.Id, record.ReleasedDeploy);
        try
        {
            return tasks.IsOwn(id) || (deploy is null ? await takeUp() : rolloutAdoption.HasTakenUpAll && (rollouts.IsUnderWay(deploy) || await takeUp()));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, id.Value);
            return false;
        }
    }

    private async Task<bool> TakeUpAsync(TaskContainer container, CancellationToken cancellationToken)
    {
        var id = container.Task.Id;
        if (await TryAskAsync(() => history.FindAsync(id, cancellationToken)) is not { Value: var known })
        {
            return TakeUpUntold(container);
        }

        if (known?.End is not null)
        {
            // Only its container is left.
            await runner.PersistAsync(id, token => engine.RemoveAsync(id, token));
            return true;
        }

        var task = container.Task;
        var record = known is null ? task : known with { StartedAt = task.StartedAt, ImageId = task.ImageId ?? known.ImageId };
        if (record.StartedAt is null && !container.IsRunning)
        {
            await runner.EndAsync(Take(record), TaskEnd.Lost("Deployster was stopped before the task began."));
        }
        else
        {
            runner.TakeUp(Take(record));
        }

        return true;
    }

    /// <summary>Takes up a container that runs. Of others only the history can tell whether their end is known.</summary>
    private bool TakeUpUntold(TaskContainer container)
    {
        if (container.IsRunning)
        {
            runner.TakeUp(Take(container.Task));
        }

        return container.IsRunning;
    }

    private async Task<bool> EndAsync(TaskId id, CancellationToken cancellationToken)
    {
        // Asked anew: a task of this process may have ended since.
        var told = await TryAskAsync(() => history.FindAsync(id, cancellationToken));
        if (told?.Value is { End: null } record)
        {
            await runner.EndAsync(Take(record), TaskEnd.Lost("Deployster was stopped while the task ran, and its container is gone."));
        }

        return told is not null;
    }

    private LiveTask Take(TaskRecord record)
    {
        var task = new LiveTask(record, archive.OpenOutput(record.Id));
        tasks.TakeUp(task);
        return task;
    }

    /// <summary>What the history says; null where it does not answer, which is not to be taken for an answer.</summary>
    private async Task<Told<T>?> TryAskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return new Told<T>(await ask());
        }
        catch (HistoryUnavailableException e)
        {
            LogUntold(e.Message);
            return null;
        }
    }

    [LoggerMessage("Tasks of before cannot be looked for yet: {Cause}")]
    private partial void LogWaiting(LogLevel level, string cause);

    [LoggerMessage(LogLevel.Warning, "Only tasks of before that run are taken up for now: {Cause}")]
    private partial void LogUntold(string cause);

    [LoggerMessage(LogLevel.Error, "Taking up task {Id} failed and is tried again")]
    private partial void LogFailed(Exception exception, string id);
}
