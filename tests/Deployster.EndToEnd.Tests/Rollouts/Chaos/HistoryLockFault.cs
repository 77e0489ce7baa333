using Microsoft.Data.Sqlite;

namespace Deployster.EndToEnd.Tests.Rollouts.Chaos;

/// <summary>
/// Another program, such as one that makes a backup, has the history for itself: while Deployster does not run, altogether;
/// while it runs, as far as SQLite allows, so that nothing can be written.
/// </summary>
internal sealed class HistoryLockFault(string dataFolder) : IFault
{
    private const int Busy = 5;

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(dataFolder, "history.db"),
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        DefaultTimeout = 1,
    }.ToString();

    public PlannedFault Plan(Random random)
    {
        var time = TimeSpan.FromMilliseconds(random.Next(1000, 4000));
        return new PlannedFault($"lock on the history for {time.TotalSeconds:F1} s", () => HoldAsync(time, () => { }));
    }

    /// <summary>Holds the lock for a while.</summary>
    public async Task HoldAsync(TimeSpan time, Action locked)
    {
        await using var connection = await LockAsync("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE") ?? await LockAsync("BEGIN IMMEDIATE");
        locked();
        await Task.Delay(connection is null ? TimeSpan.Zero : time);
    }

    private async Task<SqliteConnection?> LockAsync(string sql)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;

            // SQLite waits on the thread.
            await Task.Run(command.ExecuteNonQuery);
            return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            await connection.DisposeAsync();
            return null;
        }
    }
}
