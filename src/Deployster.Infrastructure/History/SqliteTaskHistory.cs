using System.Text.Json;
using Deployster.Application.Tasks;
using Deployster.Domain.Names;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Webhooks;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>The history of tasks in SQLite. A page's cursor is the id of its last task.</summary>
internal sealed partial class SqliteTaskHistory(
    HistoryDatabase database, HistoryOptions options, ILogger<SqliteTaskHistory> logger, DeliveryTable? deliveries = null)
    : ITaskHistory
{
    private const string NewestFirst = "ORDER BY Id DESC";

    public async Task<IReadOnlyList<TaskId>> SaveAsync(TaskRecord record, CancellationToken cancellationToken)
    {
        var row = TaskRow.Of(record);
        var (forgotten, toSend) = await database.RunAsync(
            session => session.Write(() =>
            {
                var toSend = deliveries?.Write(session, HasEnded(session, row), record);
                return (Save(session, row), toSend);
            }),
            cancellationToken);
        deliveries?.Send(toSend ?? []);
        return [.. forgotten.Select(TaskId.Parse)];
    }

    public async Task<IReadOnlySet<TaskId>> FindKnownAsync(IReadOnlyCollection<TaskId> ids, CancellationToken cancellationToken)
    {
        // As one parameter, however many they are.
        var asked = JsonSerializer.Serialize(ids.Select(id => id.Value));
        var known = await database.RunAsync(
            session => session.Query<string>("SELECT Id FROM Tasks WHERE Id IN (SELECT value FROM json_each(@asked))", new { asked }),
            cancellationToken);
        return known.Select(TaskId.Parse).ToHashSet();
    }

    public async Task<TaskRecord?> FindAsync(TaskId id, CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            session => session.Query<TaskRow>("SELECT * FROM Tasks WHERE Id = @id", new { id = id.Value }), cancellationToken))
            .SingleOrDefault();

    public async Task<TaskPage> ListAsync(ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var before = cursor is null ? null : TaskId.Parse(cursor).Value;
        var rows = await database.RunAsync(
            session => session.Query<TaskRow>(
                $"""
                SELECT * FROM Tasks
                WHERE {(service is null ? "TRUE" : "Service = @service")} AND {(before is null ? "TRUE" : "Id < @before")}
                {NewestFirst} LIMIT @count
                """,
                new { service = service?.Value, before, count = limit + 1L }),
            cancellationToken);
        return rows.Count <= limit
            ? new TaskPage(Read(rows), null)
            : new TaskPage(Read(rows[..limit]), rows[limit - 1].Id);
    }

    public async Task<IReadOnlyList<TaskRecord>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            session => session.Query<TaskRow>(
                $"SELECT * FROM Tasks WHERE Status = @status {NewestFirst}", new { status = nameof(TaskRunStatus.Running) }),
            cancellationToken));

    private static bool HasEnded(HistorySession session, TaskRow row) =>
        session.Query<long>("SELECT COUNT(*) FROM Tasks WHERE Id = @Id AND ExitCode IS NOT NULL", row) is [> 0];

    private List<string> Save(HistorySession session, TaskRow row)
    {
        session.Execute(
            """
            INSERT INTO Tasks (
                Id, Service, Version, ReleaseOf, Image, ImageId, Command, Timeout, RequestedAt, StartedAt, EndedAt, Status, ExitCode, Message,
                RequesterUser, RequesterAddress)
            VALUES (
                @Id, @Service, @Version, @ReleaseOf, @Image, @ImageId, @Command, @Timeout, @RequestedAt, @StartedAt, @EndedAt, @Status, @ExitCode,
                @Message, @RequesterUser, @RequesterAddress)
            ON CONFLICT (Id) DO UPDATE
            SET ImageId = excluded.ImageId, Command = excluded.Command, StartedAt = excluded.StartedAt, EndedAt = excluded.EndedAt,
                Status = excluded.Status, ExitCode = excluded.ExitCode, Message = excluded.Message
            WHERE ExitCode IS NULL
            """,
            row);
        var old = session.Query<string>(
            $"""
            SELECT Id FROM (SELECT * FROM Tasks WHERE Service = @Service {NewestFirst} LIMIT -1 OFFSET @KeepPerService)
            WHERE Status <> @status {NewestFirst}
            """,
            new { row.Service, options.KeepPerService, status = nameof(TaskRunStatus.Running) });
        session.Execute("DELETE FROM Tasks WHERE Id = @id", old.Select(id => new { id }));
        return old;
    }

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
