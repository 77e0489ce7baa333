using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>Puts a pragma before whatever is done with a connection.</summary>
internal sealed class Pragma : DbConnectionInterceptor
{
    /// <summary>The pragma, as <c>query_only = ON</c>; null for none.</summary>
    public string? Statement { get; set; }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (Statement is not null)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA {Statement}";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
