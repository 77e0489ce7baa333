using Deployster.Domain.Units;

namespace Deployster.Api.Contracts;

/// <summary>The units of a service.</summary>
public sealed class UnitList
{
    /// <summary>The units, ordered by name.</summary>
    public required IReadOnlyList<UnitResource> Units { get; init; }
}

/// <summary>One instance of a deploy.</summary>
public sealed class UnitResource
{
    /// <summary>The unit's full name in the fleet.</summary>
    /// <example>railsapp:7bdae1c:2015.03.02-00.31.45@1.service</example>
    public string Name { get; init; } = "";

    /// <summary>The service.</summary>
    /// <example>railsapp</example>
    public string Service { get; init; } = "";

    /// <summary>The instance's number, as a string.</summary>
    /// <example>1</example>
    public string Instance { get; init; } = "";

    /// <summary>The version.</summary>
    /// <example>7bdae1c</example>
    public string Version { get; init; } = "";

    /// <summary>The state of the unit in one word.</summary>
    /// <example>healthy</example>
    public Phase Phase { get; init; }

    /// <summary>The state that the unit has reached, in Fleet's terms: <c>inactive</c>, <c>loaded</c> or <c>launched</c>.</summary>
    /// <example>launched</example>
    public string CurrentState { get; init; } = "";

    /// <summary>The state that the fleet was told to bring it to, in the same terms.</summary>
    /// <example>launched</example>
    public string DesiredState { get; init; } = "";

    /// <summary>The machine that it is on; null while it is on none.</summary>
    public string? MachineId { get; init; }

    /// <summary>The deploy's timestamp.</summary>
    /// <example>2015.03.02-00.31.45</example>
    public string DeployTimestamp { get; init; } = "";

    /// <summary>The active state in systemd's terms; null while there is none. A unit that is <c>active</c> and <c>running</c> is healthy.</summary>
    /// <example>active</example>
    public string? ActiveState { get; init; }

    /// <summary>The sub state in systemd's terms; null while there is none.</summary>
    /// <example>running</example>
    public string? SubState { get; init; }

    /// <summary>Why the unit is not healthy, as far as the fleet knows.</summary>
    public string? Detail { get; init; }

    /// <summary>How often the fleet has restarted it automatically; null if the fleet does not count restarts.</summary>
    /// <example>0</example>
    public int? Restarts { get; init; }

    /// <summary>The id of the image that it runs; null if the fleet does not know it: each machine of a Fleet cluster pulls the tag itself.</summary>
    /// <example>sha256:2d61ae04c2b8d0b5a2f6e2a1f2f0d4e8c1e0f9f6c8a7b5d3e1f0a9b8c7d6e5f4</example>
    public string? ImageId { get; init; }

    /// <summary>The address of the unit, <c>host:port</c>; null if the fleet does not report it.</summary>
    /// <example>127.0.0.1:49153</example>
    public string? Endpoint { get; init; }
}
