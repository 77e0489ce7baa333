using Deployster.Application.History;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>The history and the kept outputs as running tasks use them: where the history fails they go on without.</summary>
internal sealed partial class TaskArchive(ITaskHistory history, ITaskOutputs outputs, ILogger<TaskArchive> logger)
{
    /// <summary>Writes a task, and forgets the outputs of those that the history has forgotten for it.</summary>
    /// <exception cref="HistoryUnavailableException">The history cannot be written.</exception>
    public async Task SaveAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        foreach (var forgotten in await history.SaveAsync(record, cancellationToken))
        {
            outputs.Remove(forgotten);
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

    public Task<TaskRecord?> TryFindAsync(TaskId id, CancellationToken cancellationToken) =>
        HistoryFallback.ReadAsync(() => history.FindAsync(id, cancellationToken), null, LogNotRead);

    public Task<IReadOnlyList<TaskRecord>> TryListUnfinishedAsync(CancellationToken cancellationToken) =>
        HistoryFallback.ReadAsync(() => history.ListUnfinishedAsync(cancellationToken), [], LogNotRead);

    [LoggerMessage(LogLevel.Warning, "Task {Id} goes on without being written down: {Cause}")]
    private partial void LogNotSaved(string id, string cause);

    [LoggerMessage(LogLevel.Warning, "Going on with what the containers of tasks tell: {Cause}")]
    private partial void LogNotRead(string cause);
}
