namespace Deployster.Api.Contracts;

/// <summary>All services.</summary>
public sealed class ServiceList
{
    /// <summary>The services, in the order of their names.</summary>
    public required IReadOnlyList<ServiceResource> Services { get; init; }
}

/// <summary>A service and what runs of it.</summary>
public sealed class ServiceResource
{
    /// <summary>Its name.</summary>
    /// <example>railsapp</example>
    public string Name { get; init; } = "";

    /// <summary>What runs of it, newest first.</summary>
    public IReadOnlyList<ServiceVersionResource> Versions { get; init; } = [];

    /// <summary>The deploy whose rollout is under way; null where none is.</summary>
    public RolloutResource? Rollout { get; init; }
}

/// <summary>A deploy and how many units it has.</summary>
public sealed class ServiceVersionResource
{
    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>Its timestamp.</summary>
    public string Timestamp { get; init; } = "";

    /// <summary>How many units there are.</summary>
    public int UnitCount { get; init; }

    /// <summary>How many of them are healthy.</summary>
    public int HealthyCount { get; init; }
}

/// <summary>A rollout that is under way.</summary>
public sealed class RolloutResource
{
    /// <summary>The deploy's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The deploy's timestamp.</summary>
    public string Timestamp { get; init; } = "";
}
