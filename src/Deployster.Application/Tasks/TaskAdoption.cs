using Deployster.Application.Fleet;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>Takes up the tasks that a Deployster before this one has left: in containers, and in the history.</summary>
internal sealed partial class TaskAdoption(
    ITaskEngine engine,
    ITaskOutputs outputs,
    TaskArchive archive,
    RunningTasks tasks,
    TaskRunner runner,
    TimeProvider time,
    ILogger<TaskAdoption> logger) : BackgroundService
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    // What is asked for from now on is this Deployster's own.
    private readonly DateTimeOffset _begun = time.GetUtcNow();

    /// <summary>Takes up what there is.</summary>
    public async Task AdoptAsync(CancellationToken cancellationToken)
    {
        var containers = (await engine.ListAsync(cancellationToken)).Where(IsOlder).ToList();
        var unfinished = (await archive.TryListUnfinishedAsync(cancellationToken)).Where(IsOlder).ToDictionary(record => record.Id);
        foreach (var container in containers)
        {
            await AdoptAsync(container, unfinished.GetValueOrDefault(container.Id), cancellationToken);
        }

        foreach (var record in unfinished.Values.ExceptBy(containers.Select(container => container.Id), record => record.Id))
        {
            await EndAsync(record, "Deployster was stopped while the task ran, and its container is gone.");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = s_firstPause; !await TryAdoptAsync(pause == s_firstPause, stoppingToken);)
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<bool> TryAdoptAsync(bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            await AdoptAsync(cancellationToken);
            return true;
        }
        catch (FleetUnavailableException e)
        {
            // Who runs no tasks needs no engine, and does not have to be told again and again.
            LogWaiting(isFirst ? LogLevel.Information : LogLevel.Debug, e.Message);
            return false;
        }
    }

    private bool IsOlder(TaskRecord record) => record.RequestedAt < _begun;

    private async Task AdoptAsync(TaskRecord container, TaskRecord? unfinished, CancellationToken cancellationToken)
    {
        if (unfinished is null && await archive.TryFindAsync(container.Id, cancellationToken) is not null)
        {
            // It has ended, and only its container is left.
            await runner.PersistAsync(container.Id, token => engine.RemoveAsync(container.Id, token));
            return;
        }

        var record = (unfinished ?? container) with { StartedAt = container.StartedAt };
        if (record.StartedAt is null)
        {
            await EndAsync(record, "Deployster was stopped before the task began.");
        }
        else
        {
            runner.Adopt(Take(record));
        }
    }

    private Task EndAsync(TaskRecord record, string reason) => runner.EndAsync(Take(record), TaskEnd.Lost(reason));

    private RunningTask Take(TaskRecord record)
    {
        var task = new RunningTask(record, outputs.Open(record.Id));
        tasks.Adopt(task);
        return task;
    }

    [LoggerMessage("Tasks of before cannot be looked for yet: {Cause}")]
    private partial void LogWaiting(LogLevel level, string cause);
}
