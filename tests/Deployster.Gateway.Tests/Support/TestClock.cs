namespace Deployster.Gateway.Tests.Support;

/// <summary>A time that passes as a test says, and a wall clock that somebody may set meanwhile.</summary>
internal sealed class TestClock : TimeProvider
{
    public TimeSpan Elapsed { get; set; }

    /// <summary>By how much the wall clock was set.</summary>
    public TimeSpan SetBy { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50) + Elapsed + SetBy;

    public override long GetTimestamp() => Elapsed.Ticks;
}
