using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.History;

/// <summary>The history's file, with those that SQLite puts beside it.</summary>
internal sealed class HistoryFile(string folder)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, "history.db"));

    /// <summary>With a wait of one second for a lock that another process holds.</summary>
    public string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = Path,
        ForeignKeys = true,
        DefaultTimeout = 1,
    }.ToString();

    public bool Exists => File.Exists(Path);

    /// <summary>Makes the file where it is missing, readable by nobody else: what deploys are given may be secret.</summary>
    /// <exception cref="IOException">The folder or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file must not be made.</exception>
    public void Create()
    {
        if (Exists)
        {
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(Path, options);
    }

    /// <summary>Closes the connections that are kept open: they may be to a file that is no longer there.</summary>
    public void LetGo()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Gives the files another name, never one that is taken.</summary>
    /// <returns>The new path.</returns>
    /// <exception cref="IOException">They cannot be renamed.</exception>
    public string SetAside(DateTimeOffset now)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $".corrupt-{now.UtcDateTime:yyyyMMdd-HHmmss}");

        // The log before the file: a log that stayed alone would be taken for that of the fresh file.
        string[] endings = ["-wal", "-shm", ""];
        foreach (var ending in endings.Where(ending => File.Exists(Path + ending)))
        {
            File.Move(Path + ending, Path + suffix + ending);
        }

        // Not before: SQLite would take the log away with the last connection.
        LetGo();
        return Path + suffix;
    }
}
