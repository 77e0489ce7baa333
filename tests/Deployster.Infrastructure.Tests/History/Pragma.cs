using Deployster.Infrastructure.History;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>Puts a pragma before whatever is done with a connection.</summary>
internal sealed class Pragma
{
    /// <summary>The pragma, as <c>query_only = ON</c>; null for none.</summary>
    public string? Statement { get; set; }

    public SqliteConnection Open(HistoryOpener open)
    {
        var connection = open();
        if (Statement is not null)
        {
            HistoryFolder.Execute(connection, $"PRAGMA {Statement}");
        }

        return connection;
    }
}
