using System.Collections.Immutable;
using System.Reflection;
using Deployster.Application.History;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Brings the history's tables up to date. Each step is a resource, which never changes once it was released; the file
/// notes those that it has had, in the table and by the names that all releases know.
/// </summary>
internal sealed class HistorySchema(HistoryFile file)
{
    private const string Folder = "history/";
    private const string Ending = ".sql";

    private readonly Assembly _assembly = typeof(HistorySchema).Assembly;
    private readonly ImmutableArray<string> _steps =
    [
        .. typeof(HistorySchema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Ending.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <exception cref="HistoryUnavailableException">A newer version has brought it further.</exception>
    public void Update(HistorySession session)
    {
        if (FindMissing(session) is not [])
        {
            // Not possible within a transaction. It is a property of the file.
            session.Execute("PRAGMA journal_mode = WAL");
            session.Write(() => Complete(session));
        }
    }

    private int Complete(HistorySession session)
    {
        session.Execute(
            """
            CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
                "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
                "ProductVersion" TEXT NOT NULL
            )
            """);

        // Looked for again: another process may have been faster until the file was locked.
        var missing = FindMissing(session);
        foreach (var step in missing)
        {
            session.Execute(Read(step));
            session.Execute(
                "INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES (@step, @version)",
                new { step, version = _assembly.GetName().Version!.ToString(3) });
        }

        return missing.Length;
    }

    private ImmutableArray<string> FindMissing(HistorySession session)
    {
        var hasNotes = session.Query<string>(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsHistory'").Count > 0;
        var applied = hasNotes
            ? session.Query<string>("SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId")
            : [];
        if (applied.Except(_steps).FirstOrDefault() is { } newer)
        {
            throw new HistoryUnavailableException($"{file.Path} was written by a newer version of Deployster ({newer}).");
        }

        return [.. _steps.Except(applied)];
    }

    private string Read(string step)
    {
        using var reader = new StreamReader(_assembly.GetManifestResourceStream(Folder + step + Ending)!);
        return reader.ReadToEnd();
    }
}
