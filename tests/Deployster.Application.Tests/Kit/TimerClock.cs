using System.Collections.Concurrent;

namespace Deployster.Application.Tests.Kit;

/// <summary>A clock that a test turns, and that tells for what others wait.</summary>
internal sealed class TimerClock : SetClock
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public TimerClock()
        : base(new DateTimeOffset(2015, 3, 2, 0, 31, 45, TimeSpan.Zero))
    {
    }

    /// <summary>How many waits there were.</summary>
    public int Count => _waits.Count;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }

    /// <summary>For how long somebody waits now, once somebody does.</summary>
    public async Task<TimeSpan> LastWaitAsync()
    {
        await TestDeployster.UntilAsync(() => !_waits.IsEmpty);
        return _waits.Last();
    }

    /// <summary>Waits until somebody waits, after the first <paramref name="count"/> waits, and gives for how long.</summary>
    public async Task<TimeSpan> NextWaitAsync(int count)
    {
        await TestDeployster.UntilAsync(() => _waits.Count > count);
        return _waits.ElementAt(count);
    }
}
