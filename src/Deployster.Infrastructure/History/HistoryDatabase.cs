using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using Deployster.Application.History;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Runs operations on the history's file, one at a time, and sees to it that the file is there and up to date:
/// at first use, after every failure and where somebody has deleted it. A damaged file is set aside for a fresh one.
/// </summary>
internal sealed partial class HistoryDatabase(
    IDbContextFactory<HistoryContext> contexts, HistoryFile file, TimeProvider time, ILogger<HistoryDatabase> logger) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<MethodInfo, Task> _rehearsals = new();
    private bool _isPrepared;

    /// <summary>
    /// Runs an operation, which must do nothing but use its context: it is run again where the file turns out to be
    /// damaged, and the first time it is rehearsed.
    /// </summary>
    /// <exception cref="HistoryUnavailableException">It cannot be done, or not within two seconds.</exception>
    public async Task<T> RunAsync<T>(
        Func<HistoryContext, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        // The limit is there for the disk. A busy machine may need longer than that to compile what runs for the first time.
        await Task.WhenAny(_rehearsals.GetOrAdd(operation.Method, _ => Task.Run(() => RehearseAsync(operation), CancellationToken.None)))
            .WaitAsync(cancellationToken);
        using var limit = new CancellationTokenSource(s_limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // On a thread of its own, because SQLite blocks it for as long as the disk does.
            return await Task.Run(() => TakeTurnAsync(operation, end.Token), end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HistoryUnavailableException($"{file.Path} did not answer within {s_limit.TotalSeconds} seconds.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or HistoryUnavailableException))
        {
            throw new HistoryUnavailableException(HistoryFault.Explain(e, file.Path), e);
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        file.LetGo();
    }

    /// <summary>Runs an operation on an empty database in memory.</summary>
    private async Task RehearseAsync<T>(Func<HistoryContext, CancellationToken, Task<T>> operation)
    {
        await using var context = await contexts.CreateDbContextAsync();
        context.Database.SetDbConnection(new SqliteConnection("Data Source=:memory:"), contextOwnsConnection: true);
        await context.Database.OpenConnectionAsync();
        await MigrateAsync(context, CancellationToken.None);
        await operation(context, CancellationToken.None);
    }

    private async Task<T> TakeTurnAsync<T>(
        Func<HistoryContext, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AttemptAsync(operation, cancellationToken);
        }
        catch (Exception e) when (HistoryFault.IsDamage(e))
        {
            LogSetAside(file.Path, file.SetAside(time.GetUtcNow()));
            return await AttemptAsync(operation, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> AttemptAsync<T>(
        Func<HistoryContext, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var mustPrepare = !_isPrepared || !file.Exists;
        _isPrepared = false;
        if (mustPrepare)
        {
            file.LetGo();
            file.Create();
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (mustPrepare)
        {
            await MigrateAsync(context, cancellationToken);
        }

        var result = await operation(context, cancellationToken);
        _isPrepared = true;
        return result;
    }

    private async Task MigrateAsync(HistoryContext context, CancellationToken cancellationToken)
    {
        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Except(known).FirstOrDefault() is { } newer)
        {
            throw new HistoryUnavailableException($"{file.Path} was written by a newer version of Deployster ({newer}).");
        }

        if (known.Count > applied.Count)
        {
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);

            // In one transaction: Entity Framework locks by a row of its own, which would stay for ever
            // where the process is killed meanwhile.
            await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Path} was damaged. It is set aside as {NewPath}; the history begins anew.")]
    private partial void LogSetAside(string path, string newPath);
}
