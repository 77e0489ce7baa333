using System.Data;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>The history of tasks in SQLite. A page's cursor is the id of its last task.</summary>
internal sealed partial class SqliteTaskHistory(
    HistoryDatabase database, HistoryOptions options, ILogger<SqliteTaskHistory> logger) : ITaskHistory
{
    public async Task<IReadOnlyList<TaskId>> SaveAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        var forgotten = await database.RunAsync(
            async (context, end) =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.Serializable, end);
                var row = await context.Tasks.FindAsync([record.Id.Value], end) ?? context.Tasks.Add(TaskRow.For(record)).Entity;
                if (row.ExitCode is null)
                {
                    row.Take(record);
                }

                await context.SaveChangesAsync(end);
                var old = await NewestFirst(context.Tasks.AsNoTracking().Where(task => task.Service == row.Service))
                    .Skip(options.KeepPerService)
                    .Where(task => task.Status != nameof(TaskRunStatus.Running))
                    .Select(task => task.Id)
                    .ToListAsync(end);
                await context.Tasks.Where(task => old.Contains(task.Id)).ExecuteDeleteAsync(end);
                await transaction.CommitAsync(end);
                return old;
            },
            cancellationToken);
        return [.. forgotten.Select(TaskId.Parse)];
    }

    public async Task<IReadOnlySet<TaskId>> FindKnownAsync(IReadOnlyCollection<TaskId> ids, CancellationToken cancellationToken)
    {
        var asked = ids.Select(id => id.Value).ToList();
        var known = await database.RunAsync(
            (context, end) => context.Tasks.Where(task => asked.Contains(task.Id)).Select(task => task.Id).ToListAsync(end),
            cancellationToken);
        return known.Select(TaskId.Parse).ToHashSet();
    }

    public async Task<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken)
    {
        var row = await database.RunAsync(
            (context, end) => context.Tasks.AsNoTracking().SingleOrDefaultAsync(task => task.Id == id.Value, end), cancellationToken);
        return row is null ? null : Read([row]).SingleOrDefault();
    }

    public async Task<TaskPage> ListAsync(ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var name = service?.Value;
        var before = cursor is null ? null : TaskId.Parse(cursor).Value;
        var rows = await database.RunAsync(
            (context, end) => NewestFirst(context.Tasks.AsNoTracking().Where(task =>
                    (name == null || task.Service == name) && (before == null || string.Compare(task.Id, before) < 0)))
                .Take(limit + 1)
                .ToListAsync(end),
            cancellationToken);
        return rows.Count <= limit
            ? new TaskPage(Read(rows), null)
            : new TaskPage(Read(rows[..limit]), rows[limit - 1].Id);
    }

    public async Task<IReadOnlyList<TaskRecord>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            (context, end) => NewestFirst(context.Tasks.AsNoTracking().Where(task => task.Status == nameof(TaskRunStatus.Running)))
                .ToListAsync(end),
            cancellationToken));

    private static IOrderedQueryable<TaskRow> NewestFirst(IQueryable<TaskRow> tasks) => tasks.OrderByDescending(task => task.Id);

    private List<TaskRecord> Read(IEnumerable<TaskRow> rows)
    {
        var records = new List<TaskRecord>();
        foreach (var row in rows)
        {
            if (row.Read() is { } record)
            {
                records.Add(record);
            }
            else
            {
                LogUnreadable(row.Id);
            }
        }

        return records;
    }

    [LoggerMessage(LogLevel.Warning, "The record of task {Id} cannot be read and is passed over.")]
    private partial void LogUnreadable(string id);
}
