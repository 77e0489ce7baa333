using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>
/// Remembers tasks. Every operation throws <see cref="HistoryUnavailableException"/> where it cannot be done:
/// tasks go on without.
/// </summary>
public interface ITaskHistory
{
    /// <summary>
    /// Writes a task, new or changed; gives those that were forgotten for it. An end that is written stays as it is.
    /// </summary>
    Task<IReadOnlyList<TaskId>> SaveAsync(TaskRecord record, CancellationToken cancellationToken);

    /// <summary>Which of these tasks it knows.</summary>
    Task<IReadOnlySet<TaskId>> FindKnownAsync(IReadOnlyCollection<TaskId> ids, CancellationToken cancellationToken);

    /// <summary>A task; null where there is none.</summary>
    Task<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>A service's tasks, or those of all, those asked for last first.</summary>
    /// <param name="service">The service; null for all.</param>
    /// <param name="cursor">Where to begin: a page's <see cref="TaskPage.NextCursor"/>; null for the newest.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FormatException">The cursor is none that a page gave.</exception>
    Task<TaskPage> ListAsync(ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>All tasks whose end is not written down.</summary>
    Task<IReadOnlyList<TaskRecord>> ListUnfinishedAsync(CancellationToken cancellationToken);
}
