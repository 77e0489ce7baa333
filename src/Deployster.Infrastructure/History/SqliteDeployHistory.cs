using Deployster.Application.History;
using Deployster.Domain.Images;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Infrastructure.Webhooks;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>The history in SQLite.</summary>
internal sealed partial class SqliteDeployHistory(
    HistoryDatabase database, HistoryOptions options, ILogger<SqliteDeployHistory> logger, DeliveryTable? deliveries = null)
    : IDeployHistory
{
    private const string NewestFirst = "ORDER BY RequestedAt DESC, Id DESC";

    public async Task SaveAsync(DeployRecord record, IReadOnlyList<DeployEvent> events, CancellationToken cancellationToken)
    {
        var row = DeployRow.Of(record);
        var toSend = await database.RunAsync(
            session => session.Write(() =>
            {
                var toSend = deliveries?.Write(session, FindStatus(session, row), record);
                Save(session, row, events);
                return toSend;
            }),
            cancellationToken);
        deliveries?.Send(toSend ?? []);
    }

    public async Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            session => session.Query<DeployRow>(
                $"""
                SELECT * FROM Deploys
                WHERE Service = @service AND Version = @version AND {(timestamp is null ? "TRUE" : "Timestamp = @timestamp")}
                {NewestFirst} LIMIT 1
                """,
                new { service = service.Value, version = version.Value, timestamp = timestamp?.ToString() }),
            cancellationToken);
        return Read(rows).SingleOrDefault();
    }

    public async Task<DeployPage> ListAsync(
        ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var after = cursor is null ? new DeployCursor(long.MaxValue, long.MaxValue) : DeployCursor.Parse(cursor);
        var rows = await database.RunAsync(
            session => session.Query<DeployRow>(
                $"""
                SELECT * FROM Deploys
                WHERE {(service is null ? "TRUE" : "Service = @service")} AND (RequestedAt, Id) < (@RequestedAt, @Id)
                {NewestFirst} LIMIT @count
                """,
                new { service = service?.Value, after.RequestedAt, after.Id, count = limit + 1L }),
            cancellationToken);
        return rows.Count <= limit
            ? new DeployPage(Read(rows), null)
            : new DeployPage(Read(rows[..limit]), DeployCursor.After(rows[limit - 1]).ToString());
    }

    public async Task<IReadOnlyList<DeployRecord>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            session => session.Query<DeployRow>(
                $"SELECT * FROM Deploys WHERE Status = @status {NewestFirst}", new { status = nameof(DeployStatus.InProgress) }),
            cancellationToken));

    public async Task<IReadOnlyList<DeployRecord>> ListKeptAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            session => session.Query<DeployRow>($"SELECT * FROM Deploys WHERE UnitCount > 0 {NewestFirst}"), cancellationToken));

    public async Task<IReadOnlyList<DeployedImage>> ListImagesAsync(CancellationToken cancellationToken)
    {
        // The image stands before the moment of the request, and is all that is read of thousands of deploys.
        var rows = await database.RunAsync(
            session => session.Query<DeployedImageRow>(
                $"""
                SELECT Service, Image,
                    MAX(CASE WHEN Status = '{nameof(DeployStatus.Succeeded)}' THEN RequestedAt END) AS SucceededAt,
                    MAX(Status = '{nameof(DeployStatus.InProgress)}' OR COALESCE(UnitCount, 0) > 0) AS IsWanted
                FROM (
                    SELECT *, substr(Intention, 1, instr(Intention, char(10) || 'RequestedAt=') - 1) AS Image FROM Deploys)
                GROUP BY Service, Image
                """),
            cancellationToken);
        return [.. rows.Select(row => row.Read()).OfType<DeployedImage>()];
    }

    public async Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(
        DeployId deployId, long after, CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            session => session.Query<DeployEventRow>(
                """
                SELECT DeployEvents.* FROM Deploys JOIN DeployEvents ON DeployEvents.DeployId = Deploys.Id
                WHERE Service = @service AND Version = @version AND Timestamp = @timestamp AND DeployEvents.Id > @after
                ORDER BY DeployEvents.Id
                """,
                new
                {
                    service = deployId.Service.Value,
                    version = deployId.Version.Value,
                    timestamp = deployId.Timestamp.ToString(),
                    after,
                }),
            cancellationToken);
        return [.. rows.Select(row => row.Read()).OfType<DeployEvent>()];
    }

    private static DeployStatus? FindStatus(HistorySession session, DeployRow row) =>
        session.Query<string>(
            "SELECT Status FROM Deploys WHERE Service = @Service AND Version = @Version AND Timestamp = @Timestamp", row)
            is [var known] && Enum.TryParse<DeployStatus>(known, out var status) ? status : null;

    private void Save(HistorySession session, DeployRow row, IReadOnlyList<DeployEvent> events)
    {
        // Not by ON CONFLICT, which uses up a number of a new row each time.
        var known = session.Query<long>(
            """
            UPDATE Deploys
            SET RequestedAt = @RequestedAt, Intention = @Intention, Status = @Status, Message = @Message, EndedAt = @EndedAt,
                UnitCount = @UnitCount, RequesterUser = @RequesterUser, RequesterAddress = @RequesterAddress
            WHERE Service = @Service AND Version = @Version AND Timestamp = @Timestamp
            RETURNING Id
            """,
            row);
        var id = known is [var only] ? only : Add(session, row);
        session.Execute(
            """
            INSERT INTO DeployEvents (DeployId, Id, Time, Kind, Message, Unit)
            VALUES (@DeployId, @Id, @Time, @Kind, @Message, @Unit)
            ON CONFLICT (DeployId, Id) DO NOTHING
            """,
            events.Select(happened => DeployEventRow.Of(id, happened)));
        session.Execute(
            $"""
            DELETE FROM Deploys WHERE Id IN (
                SELECT Id FROM (SELECT * FROM Deploys WHERE Service = @Service {NewestFirst} LIMIT -1 OFFSET @KeepPerService)
                WHERE Status <> @status AND COALESCE(UnitCount, 0) <= 0)
            """,
            new { row.Service, options.KeepPerService, status = nameof(DeployStatus.InProgress) });
    }

    private static long Add(HistorySession session, DeployRow row) =>
        session.Query<long>(
            """
            INSERT INTO Deploys (
                Service, Version, Timestamp, RequestedAt, Intention, Status, Message, EndedAt, UnitCount, RequesterUser, RequesterAddress)
            VALUES (
                @Service, @Version, @Timestamp, @RequestedAt, @Intention, @Status, @Message, @EndedAt, @UnitCount, @RequesterUser,
                @RequesterAddress)
            RETURNING Id
            """,
            row).Single();

    private List<DeployRecord> Read(IEnumerable<DeployRow> rows)
    {
        var records = new List<DeployRecord>();
        foreach (var row in rows)
        {
            if (row.Read() is { } record)
            {
                records.Add(record);
            }
            else
            {
                LogUnreadable(row.Service, row.Version, row.Timestamp);
            }
        }

        return records;
    }

    [LoggerMessage(LogLevel.Warning, "The record of {Service}:{Version}:{Timestamp} cannot be read and is passed over.")]
    private partial void LogUnreadable(string service, string version, string timestamp);
}
