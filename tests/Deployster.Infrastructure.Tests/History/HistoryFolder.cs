using Deployster.Application.Webhooks;
using Deployster.Infrastructure.History;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>A data folder of a test's own, and whoever uses it.</summary>
internal sealed class HistoryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployster-history-");
    private readonly List<IDisposable> _users = [];

    /// <summary>Missing at first.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "data");

    public string Database => System.IO.Path.Combine(Path, "history.db");

    public IEnumerable<string> FileNames => Directory.GetFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order();

    public HistoryInstance Open(
        int keepPerService = 1000, Func<HistoryOpener, SqliteConnection>? interceptor = null, params IReadOnlyList<WebhookReceiver> receivers) =>
        Track(new HistoryInstance(new HistoryOptions(Path, keepPerService), interceptor, receivers));

    /// <summary>A connection as another process has it.</summary>
    public SqliteConnection Connect(params IEnumerable<string> statements)
    {
        var connection = Track(new SqliteConnection($"Data Source={Database};Pooling=False;Default Timeout=1"));
        connection.Open();
        foreach (var statement in statements)
        {
            Execute(connection, statement);
        }

        return connection;
    }

    public static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _users.ForEach(user => user.Dispose());
        _folder.Delete(recursive: true);
    }

    private T Track<T>(T user)
        where T : IDisposable
    {
        _users.Add(user);
        return user;
    }
}
