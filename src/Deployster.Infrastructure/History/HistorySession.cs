using Dapper;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Runs statements on an open connection, on the thread of whoever calls. A statement that has begun cannot be ended
/// from outside; none begins once nobody waits for it any more.
/// </summary>
internal sealed class HistorySession(SqliteConnection connection, CancellationToken cancellationToken)
{
    /// <param name="sql">The statement.</param>
    /// <param name="values">What its parameters stand for, by their names.</param>
    public List<T> Query<T>(string sql, object? values = null) => Begin().Query<T>(sql, values).AsList();

    /// <param name="sql">The statement, or several.</param>
    /// <param name="values">What its parameters stand for, by their names; several of them to run it for each.</param>
    public void Execute(string sql, object? values = null) => Begin().Execute(sql, values);

    /// <summary>
    /// Writes all or nothing. Locks at once what is going to be written: another process could come between reading and
    /// writing.
    /// </summary>
    public T Write<T>(Func<T> write)
    {
        using var transaction = Begin().BeginTransaction(deferred: false);
        var result = write();
        cancellationToken.ThrowIfCancellationRequested();
        transaction.Commit();
        return result;
    }

    private SqliteConnection Begin()
    {
        cancellationToken.ThrowIfCancellationRequested();
        return connection;
    }
}
