namespace Deployster.Gateway.Http1;

/// <summary>Ends connections to units that stand still for too long, and closes those that nobody has used for a while.</summary>
internal sealed class ConnectionWatch : IDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<UnitConnection, UnitConnections> _open = [];

    public ConnectionWatch(GatewayOptions options, TimeProvider time)
    {
        (IdleLimit, _time) = (options.UnitIdle, time);
        _timer = time.CreateTimer(_ => Look(), null, s_lookEvery, s_lookEvery);
    }

    /// <summary>A connection that has been idle for so long is not used again.</summary>
    public TimeSpan IdleLimit { get; }

    /// <summary>The timestamp of this moment.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>How long ago a timestamp was.</summary>
    public TimeSpan ElapsedSince(long timestamp) => _time.GetElapsedTime(timestamp);

    /// <summary>The timestamp of a moment to come; <see cref="long.MaxValue"/> where there is none.</summary>
    public long In(TimeSpan? span) =>
        span is { } wait ? Now + (long)(wait.TotalSeconds * _time.TimestampFrequency) : long.MaxValue;

    public void Add(UnitConnection connection, UnitConnections owner)
    {
        lock (_lock)
        {
            _open.Add(connection, owner);
        }
    }

    public void Remove(UnitConnection connection)
    {
        lock (_lock)
        {
            _open.Remove(connection);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            foreach (var connection in _open.Keys)
            {
                connection.Abort();
            }
        }
    }

    private void Look()
    {
        List<UnitConnection> overdue;
        HashSet<UnitConnections> owners;
        var now = Now;
        lock (_lock)
        {
            overdue = [.. _open.Keys.Where(connection => connection.IsDue(now))];
            owners = [.. _open.Values];
        }

        overdue.ForEach(connection => connection.AbortIfOverdue(now));
        foreach (var owner in owners)
        {
            owner.CloseIdle();
        }
    }
}
