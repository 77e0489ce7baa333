using Dapper;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Lets SQLite wait for the disk at checkpoints only, not at each write. With its log ahead of the file that is safe
/// when the process is killed; when the power fails the last writes may be lost, and what must not be lost is in the fleet.
/// </summary>
internal sealed class LightSync(HistoryFile file)
{
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(file.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute("PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
