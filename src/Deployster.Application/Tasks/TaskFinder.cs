using Deployster.Application.Errors;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>Finds a task by its id: among those that run, and in the history.</summary>
internal sealed class TaskFinder(LiveTasks tasks, ITaskHistory history)
{
    /// <summary>A task that runs; null where none does by this id.</summary>
    public LiveTask? FindLive(string id) => TaskId.TryParse(id, out var known) ? tasks.Find(known) : null;

    /// <summary>A task from the history.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<TaskRecord> GetAsync(string id, CancellationToken cancellationToken) =>
        (TaskId.TryParse(id, out var known) ? await history.FindAsync(known, cancellationToken) : null)
        ?? throw new NotFoundException($"There is no task {id}.");

    /// <summary>A task from the history that has ended.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    /// <exception cref="ConflictException">It has not ended, as far as is known.</exception>
    public async Task<(TaskId Id, TaskEnd End)> GetEndedAsync(string id, CancellationToken cancellationToken)
    {
        var record = await GetAsync(id, cancellationToken);
        return record.End is { } end
            ? (record.Id, end)
            : throw new ConflictException($"Task {id} has not been taken up yet since Deployster was started. Try again.");
    }
}
