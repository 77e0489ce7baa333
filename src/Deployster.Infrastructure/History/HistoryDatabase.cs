using Deployster.Application.History;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.History;

/// <summary>
/// Runs operations on the history's file, one at a time, and sees to it that the file is there and up to date:
/// at first use, after every failure and where somebody has deleted it. A damaged file is set aside for a fresh one.
/// </summary>
internal sealed partial class HistoryDatabase(
    HistoryFile file, HistoryOpener open, HistorySchema schema, TimeProvider time, ILogger<HistoryDatabase> logger) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isPrepared;

    /// <summary>
    /// Runs an operation, which must do nothing but use its session: it is run again where the file turns out to be damaged.
    /// </summary>
    /// <exception cref="HistoryUnavailableException">It cannot be done, or not within two seconds.</exception>
    public async Task<T> RunAsync<T>(Func<HistorySession, T> operation, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // On a thread of its own, because SQLite blocks it for as long as the disk does.
            return await Task.Run(() => TakeTurnAsync(operation, end.Token), end.Token).WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HistoryUnavailableException($"{file.Path} did not answer within {s_limit.TotalSeconds} seconds.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or HistoryUnavailableException))
        {
            throw new HistoryUnavailableException(HistoryFault.Explain(e, file.Path), e);
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        file.LetGo();
    }

    private async Task<T> TakeTurnAsync<T>(Func<HistorySession, T> operation, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Attempt(operation, cancellationToken);
        }
        catch (Exception e) when (HistoryFault.IsDamage(e))
        {
            LogSetAside(file.Path, file.SetAside(time.GetUtcNow()));
            return Attempt(operation, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Attempt<T>(Func<HistorySession, T> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var mustPrepare = !_isPrepared || !file.Exists;
        _isPrepared = false;
        if (mustPrepare)
        {
            file.LetGo();
            file.Create();
        }

        using var connection = open();
        var session = new HistorySession(connection, cancellationToken);
        if (mustPrepare)
        {
            schema.Update(session);
        }

        var result = operation(session);
        _isPrepared = true;
        return result;
    }

    [LoggerMessage(LogLevel.Warning, "{Path} was damaged. It is set aside as {NewPath}; the history begins anew.")]
    private partial void LogSetAside(string path, string newPath);
}
