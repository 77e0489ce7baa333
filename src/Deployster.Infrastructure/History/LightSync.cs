using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Lets SQLite wait for the disk at checkpoints only, not at each write. With its log ahead of the file that is safe
/// when the process is killed; when the power fails the last writes may be lost, and what must not be lost is in the fleet.
/// </summary>
internal sealed class LightSync : DbConnectionInterceptor
{
    private const string Pragma = "PRAGMA synchronous = NORMAL";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Pragma;
        return command;
    }
}
