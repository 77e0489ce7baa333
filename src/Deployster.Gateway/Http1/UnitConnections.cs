using System.Net;
using System.Net.Sockets;

namespace Deployster.Gateway.Http1;

/// <summary>The connections to one unit. One that was used a moment ago is used again.</summary>
internal sealed class UnitConnections(EndPoint endPoint, ConnectionWatch watch)
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Stack<UnitConnection> _idle = [];

    /// <summary>A connection for one exchange: one that is open, else a new one.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="OperationCanceledException">Nobody answers in time, or it was cancelled.</exception>
    public ValueTask<UnitConnection> RentAsync(CancellationToken cancellationToken) =>
        FindIdle() is { } connection ? ValueTask.FromResult(connection) : ConnectAsync(cancellationToken);

    /// <summary>Gives back a connection that another request may use.</summary>
    public void Return(UnitConnection connection)
    {
        if (!connection.Rest(watch.Now))
        {
            Close(connection);
            return;
        }

        lock (_lock)
        {
            _idle.Push(connection);
        }
    }

    /// <summary>Closes a connection that no other request may use.</summary>
    public void Close(UnitConnection connection)
    {
        watch.Remove(connection);
        connection.Dispose();
    }

    private UnitConnection? FindIdle()
    {
        while (true)
        {
            UnitConnection? connection;
            lock (_lock)
            {
                if (!_idle.TryPop(out connection))
                {
                    return null;
                }
            }

            // What a unit sent though nobody asked would be taken for the answer to this request.
            if (watch.ElapsedSince(connection.IdleSince) < watch.IdleLimit && !connection.IsDisturbed())
            {
                return connection;
            }

            Close(connection);
        }
    }

    private async ValueTask<UnitConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_connectTimeout);
        var connection = await UnitConnection.ConnectAsync(endPoint, limit.Token);
        watch.Add(connection, this);
        return connection;
    }

    /// <summary>Closes those that have been idle for too long.</summary>
    public void CloseIdle() => CloseIdle(watch.IdleLimit);

    /// <summary>Closes all that nobody uses.</summary>
    public void CloseAllIdle() => CloseIdle(TimeSpan.Zero);

    private void CloseIdle(TimeSpan since)
    {
        List<UnitConnection> old;
        lock (_lock)
        {
            old = [.. _idle.Where(connection => watch.ElapsedSince(connection.IdleSince) >= since)];
            if (old.Count == 0)
            {
                return;
            }

            var kept = _idle.Except(old).Reverse().ToList();
            _idle.Clear();
            kept.ForEach(_idle.Push);
        }

        old.ForEach(Close);
    }
}
