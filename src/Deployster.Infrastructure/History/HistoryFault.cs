using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deployster.Infrastructure.History;

/// <summary>Tells what an exception means for the history's file.</summary>
internal static class HistoryFault
{
    /// <summary>Whether the file is not, or no longer, a database.</summary>
    public static bool IsDamage(Exception exception) =>
        Find(exception)?.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>The cause for a reader.</summary>
    public static string Explain(Exception exception, string path) =>
        Find(exception) is not { } fault
            ? $"{path}: {exception.Message}"
            : fault.SqliteErrorCode switch
            {
                raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{path} is locked by another process.",
                raw.SQLITE_FULL => $"There is no space left for {path}.",
                // SQLite cannot make its shared index longer.
                raw.SQLITE_IOERR when fault.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE => $"There is no space left for {path}.",
                raw.SQLITE_READONLY => $"{path} can only be read.",
                raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => $"{path} cannot be opened, or the files beside it.",
                raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"{path} is damaged.",
                raw.SQLITE_IOERR => $"{path} cannot be read or written: the disk fails.",
                _ => $"{path}: {fault.Message}",
            };

    private static SqliteException? Find(Exception? exception)
    {
        while (exception is not (null or SqliteException))
        {
            exception = exception.InnerException;
        }

        return (SqliteException?)exception;
    }
}
