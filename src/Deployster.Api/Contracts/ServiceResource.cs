namespace Deployster.Api.Contracts;

/// <summary>All services.</summary>
public sealed class ServiceList
{
    /// <summary>The services, ordered by name.</summary>
    public required IReadOnlyList<ServiceResource> Services { get; init; }
}

/// <summary>A service and its running deploys.</summary>
public sealed class ServiceResource
{
    /// <summary>Its name.</summary>
    /// <example>railsapp</example>
    public string Name { get; init; } = "";

    /// <summary>Its running deploys, newest first.</summary>
    public IReadOnlyList<ServiceVersionResource> Versions { get; init; } = [];

    /// <summary>The deploy whose rollout is in progress; null if there is none.</summary>
    public RolloutResource? Rollout { get; init; }
}

/// <summary>A deploy and the number of its units.</summary>
public sealed class ServiceVersionResource
{
    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its timestamp.</summary>
    public string Timestamp { get; init; } = "";

    /// <summary>The number of its units.</summary>
    public int UnitCount { get; init; }

    /// <summary>The number of its healthy units.</summary>
    public int HealthyCount { get; init; }
}

/// <summary>A rollout that is in progress.</summary>
public sealed class RolloutResource
{
    /// <summary>The deploy's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The deploy's timestamp.</summary>
    public string Timestamp { get; init; } = "";
}
