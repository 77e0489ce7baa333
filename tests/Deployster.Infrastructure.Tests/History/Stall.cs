using Deployster.Infrastructure.History;
using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.Tests.History;

/// <summary>A disk that does not answer.</summary>
internal sealed class Stall
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it answers again; null while it does.</summary>
    public Task? End { get; set; }

    public Task Reached => _reached.Task;

    public SqliteConnection Open(HistoryOpener open)
    {
        if (End is not null)
        {
            _reached.TrySetResult();
            End.Wait();
        }

        return open();
    }
}
