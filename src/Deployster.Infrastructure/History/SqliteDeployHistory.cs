using System.Data;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>The history in SQLite.</summary>
internal sealed partial class SqliteDeployHistory(
    HistoryDatabase database, HistoryOptions options, ILogger<SqliteDeployHistory> logger) : IDeployHistory
{
    public Task SaveAsync(DeployRecord record, IReadOnlyList<DeployEvent> events, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (context, end) =>
            {
                // Locks at once what is going to be written: another process could come between reading and writing.
                await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.Serializable, end);
                var row = await Named(context, record.DeployId).SingleOrDefaultAsync(end)
                    ?? context.Deploys.Add(DeployRow.For(record.DeployId)).Entity;
                row.Take(record);
                var ids = events.Select(happened => happened.Id).ToList();
                var written = await EventsOf(context, record.DeployId)
                    .Select(happened => happened.Id)
                    .Where(id => ids.Contains(id))
                    .ToListAsync(end);
                row.Events.AddRange(events.ExceptBy(written, happened => happened.Id).Select(DeployEventRow.Of));
                await context.SaveChangesAsync(end);
                await NewestFirst(context.Deploys.Where(deploy => deploy.Service == row.Service))
                    .Skip(options.KeepPerService)
                    .Where(deploy => deploy.Status != nameof(DeployStatus.InProgress) && !(deploy.UnitCount > 0))
                    .ExecuteDeleteAsync(end);
                await transaction.CommitAsync(end);
                return row.Id;
            },
            cancellationToken);

    public async Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken)
    {
        var text = timestamp?.ToString();
        var row = await database.RunAsync(
            (context, end) => NewestFirst(context.Deploys.AsNoTracking().Where(deploy =>
                    deploy.Service == service.Value
                    && deploy.Version == version.Value
                    && (text == null || deploy.Timestamp == text)))
                .FirstOrDefaultAsync(end),
            cancellationToken);
        return row is null ? null : Read([row]).SingleOrDefault();
    }

    public async Task<DeployPage> ListAsync(
        ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var name = service?.Value;
        var after = cursor is null ? new DeployCursor(long.MaxValue, long.MaxValue) : DeployCursor.Parse(cursor);
        var rows = await database.RunAsync(
            (context, end) => NewestFirst(context.Deploys.AsNoTracking().Where(deploy =>
                    (name == null || deploy.Service == name)
                    && deploy.RequestedAt <= after.RequestedAt
                    && (deploy.RequestedAt < after.RequestedAt || deploy.Id < after.Id)))
                .Take(limit + 1)
                .ToListAsync(end),
            cancellationToken);
        return rows.Count <= limit
            ? new DeployPage(Read(rows), null)
            : new DeployPage(Read(rows[..limit]), DeployCursor.After(rows[limit - 1]).ToString());
    }

    public async Task<IReadOnlyList<DeployRecord>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            (context, end) => NewestFirst(context.Deploys.AsNoTracking().Where(deploy =>
                    deploy.Status == nameof(DeployStatus.InProgress)))
                .ToListAsync(end),
            cancellationToken));

    public async Task<IReadOnlyList<DeployRecord>> ListKeptAsync(CancellationToken cancellationToken) =>
        Read(await database.RunAsync(
            (context, end) => NewestFirst(context.Deploys.AsNoTracking().Where(deploy => deploy.UnitCount > 0)).ToListAsync(end),
            cancellationToken));

    public async Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(
        DeployId deployId, long after, CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            (context, end) => EventsOf(context, deployId)
                .AsNoTracking()
                .Where(happened => happened.Id > after)
                .OrderBy(happened => happened.Id)
                .ToListAsync(end),
            cancellationToken);
        return [.. rows.Select(row => row.Read()).OfType<DeployEvent>()];
    }

    private static IQueryable<DeployRow> Named(HistoryContext context, DeployId deployId) =>
        context.Deploys.Where(row =>
            row.Service == deployId.Service.Value
            && row.Version == deployId.Version.Value
            && row.Timestamp == deployId.Timestamp.ToString());

    private static IQueryable<DeployEventRow> EventsOf(HistoryContext context, DeployId deployId) =>
        Named(context, deployId).SelectMany(row => row.Events);

    private static IOrderedQueryable<DeployRow> NewestFirst(IQueryable<DeployRow> deploys) =>
        deploys.OrderByDescending(deploy => deploy.RequestedAt).ThenByDescending(deploy => deploy.Id);

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
