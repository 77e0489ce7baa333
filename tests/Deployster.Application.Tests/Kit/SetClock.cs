using Microsoft.Extensions.Time.Testing;

namespace Deployster.Application.Tests.Kit;

/// <summary>A clock that a test can set, too, which timers and timestamps do not notice.</summary>
internal class SetClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _step;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    /// <summary>Sets it ahead, or back.</summary>
    public void Set(TimeSpan step) => _step += step;
}
