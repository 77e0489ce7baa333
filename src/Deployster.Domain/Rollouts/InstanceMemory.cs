using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>What has been seen of one unit of a rollout.</summary>
public sealed record InstanceMemory
{
    /// <summary>Nothing seen yet.</summary>
    public static InstanceMemory Nothing { get; } = new();

    /// <summary>The last phase; null while there was none.</summary>
    public Phase? Phase { get; init; }

    /// <summary>Since when the unit has been healthy without a break; null while it is not.</summary>
    public TimeSpan? HealthySince { get; init; }

    /// <summary>How often it has been restarted, over all units that have had its name in this deploy.</summary>
    public int Restarts { get; init; }

    /// <summary>What the fleet counted at the last look; 0 where it does not count. A new unit of the same name starts anew.</summary>
    public int Counted { get; init; }
}
