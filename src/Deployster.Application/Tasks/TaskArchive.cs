using Deployster.Application.History;
using Deployster.Application.Webhooks;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>The history and the kept outputs as live tasks use them: where these fail they go on without.</summary>
internal sealed partial class TaskArchive(
    ITaskHistory history, ITaskOutputs outputs, ILogger<TaskArchive> logger, Outbox? outbox = null)
{
    /// <summary>Writes a task, and forgets the outputs of those that the history has forgotten for it.</summary>
    /// <exception cref="HistoryUnavailableException">The history cannot be written.</exception>
    public async Task SaveAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        foreach (var forgotten in await SaveOrHoldAsync(record, cancellationToken))
        {
            TryRemoveOutput(forgotten);
        }
    }

    public async Task TrySaveAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(record, cancellationToken);
        }
        catch (HistoryUnavailableException e)
        {
            LogNotSaved(record.Id.Value, e.Message);
        }
    }

    /// <summary>What is kept of the output of a task, to be written on; where that cannot be opened, one that is lost.</summary>
    public ITaskOutput OpenOutput(TaskId id)
    {
        try
        {
            return outputs.Open(id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotOpened(id.Value, e.Message);
            return new LostOutput(e.Message);
        }
    }

    /// <summary>Forgets the output of a task. What cannot be removed is left to the sweep.</summary>
    public void TryRemoveOutput(TaskId id)
    {
        try
        {
            outputs.Remove(id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(id.Value, e.Message);
        }
    }

    private async Task<IReadOnlyList<TaskId>> SaveOrHoldAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        try
        {
            return await history.SaveAsync(record, cancellationToken);
        }
        catch (HistoryUnavailableException) when (outbox is not null)
        {
            outbox.Hold(record);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Task {Id} goes on without being written down: {Cause}")]
    private partial void LogNotSaved(string id, string cause);

    [LoggerMessage(LogLevel.Warning, "The output of task {Id} is lost, because what is kept of it cannot be opened: {Cause}")]
    private partial void LogNotOpened(string id, string cause);

    [LoggerMessage(LogLevel.Warning, "The output of the forgotten task {Id} cannot be removed and is tried again within the hour: {Cause}")]
    private partial void LogNotRemoved(string id, string cause);
}
