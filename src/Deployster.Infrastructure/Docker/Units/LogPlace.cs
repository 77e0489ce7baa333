using Deployster.Infrastructure.Docker.Engine;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>How far a log has been read.</summary>
/// <param name="Time">The latest time of its entries; null where there was none.</param>
/// <param name="Count">How many entries of that very time.</param>
internal sealed record LogPlace(string? Time, int Count)
{
    /// <summary>Before everything.</summary>
    public static LogPlace Start { get; } = new(null, 0);

    /// <summary>The place after one more entry.</summary>
    public LogPlace After(LogEntry entry) => string.CompareOrdinal(entry.Time, Time) switch
    {
        > 0 => new LogPlace(entry.Time, 1),
        0 => this with { Count = Count + 1 },
        _ => this,
    };
}
