namespace Deployster.Application.Tests.Kit;

/// <summary>A clock that a test turns, and that knows when the reconciler has come to rest.</summary>
internal sealed class WatchClock : SetClock
{
    // The reconciler never rests longer, unless it waits to be woken; nor after a failure. Longer waits are those of others.
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private volatile Rest? _rest;

    public WatchClock()
        : base(new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero))
    {
    }

    /// <summary>What wakes the reconciler as soon as it differs from what it was when the reconciler lay down.</summary>
    public Func<object> Woken { get; set; } = () => 0;

    /// <summary>How long the reconciler rests, infinite where it waits to be woken; null while it does not.</summary>
    public TimeSpan? Pause => _rest is { } rest && rest.IsGoingOn(Woken()) ? rest.Length : null;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // It rests by a token's limit, and pauses after a failure by a delay, which nothing ends early.
        var isRest = state is CancellationTokenSource && dueTime <= s_longestRest;
        var isPause = state is not CancellationTokenSource && dueTime <= s_longestPause;
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (!isRest && !isPause)
        {
            return timer;
        }

        var rest = new Rest(timer, dueTime, isRest ? Woken() : null);
        _rest = rest;
        return rest;
    }

    /// <summary>Forgets the pause of a reconciler that is no more.</summary>
    public void Forget() => (_rest, Woken) = (null, () => 0);

    /// <summary>Lets the reconciler's pause pass, or a second where it waits to be woken: time alone does not wake it.</summary>
    public void EndPause()
    {
        var rest = _rest ?? throw new InvalidOperationException("The reconciler does not rest.");
        if (rest.Length > TimeSpan.Zero)
        {
            rest.End();
            Advance(rest.Length);
        }
        else
        {
            Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Rest(ITimer timer, TimeSpan length, object? situation) : ITimer
    {
        private volatile bool _isOver;

        public TimeSpan Length => length;

        public bool IsGoingOn(object woken) => !_isOver && (situation is null || situation.Equals(woken));

        public void End() => _isOver = true;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            _isOver = true;
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _isOver = true;
            return timer.DisposeAsync();
        }
    }
}
