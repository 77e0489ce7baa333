namespace Deployster.Domain.Rollouts;

/// <summary>What has been seen of one unit of a rollout.</summary>
public sealed record InstanceMemory
{
    /// <summary>Nothing seen yet.</summary>
    public static InstanceMemory Nothing { get; } = new();

    /// <summary>Whether the fleet has listed the unit as one that is to run.</summary>
    public bool Launched { get; init; }

    /// <summary>The last state, as <c>active/running</c>; null while there was none.</summary>
    public string? Words { get; init; }

    /// <summary>Since when the unit has been healthy without a break; null while it is not.</summary>
    public DateTimeOffset? HealthySince { get; init; }

    /// <summary>How often it has been restarted, as the fleet counts or as was seen.</summary>
    public int Restarts { get; init; }
}
