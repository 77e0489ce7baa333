using Microsoft.Extensions.Time.Testing;

namespace Deployster.Application.Tests.Kit;

/// <summary>A clock that a test turns, and that knows when the watcher has come to rest.</summary>
internal sealed class WatchClock : FakeTimeProvider
{
    // A pause of the watcher is never longer; who waits for more is somebody else.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private volatile TimeSpan[] _pauses = [];

    public WatchClock()
        : base(new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero))
    {
    }

    /// <summary>How long the watcher rests, infinite where it waits to be woken; null while it does not.</summary>
    public TimeSpan? Pause => _pauses is [.., var last] ? last : null;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime <= s_longestPause)
        {
            _pauses = [dueTime];
        }

        return timer;
    }

    /// <summary>Forgets the pause of a watcher that is no more.</summary>
    public void Forget() => _pauses = [];

    /// <summary>Lets the watcher's pause pass.</summary>
    public void EndPause()
    {
        var pause = Pause ?? throw new InvalidOperationException("The watcher does not rest.");
        _pauses = [];
        Advance(pause);
    }
}
