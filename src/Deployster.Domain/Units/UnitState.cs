using Deployster.Domain.Names;

namespace Deployster.Domain.Units;

/// <summary>How a unit does, in systemd's three words.</summary>
/// <param name="Name">The unit's name.</param>
/// <param name="MachineId">The machine that tells.</param>
/// <param name="Load">The load state: <c>loaded</c>.</param>
/// <param name="Active">The active state: <c>active</c>, <c>activating</c>, <c>failed</c>, <c>inactive</c>.</param>
/// <param name="Sub">The sub state: <c>running</c>, <c>start-pre</c>, <c>start-post</c>, <c>auto-restart</c>, <c>failed</c>, <c>dead</c>.</param>
public sealed record UnitState(UnitName Name, string? MachineId, string Load, string Active, string Sub)
{
    /// <summary>How often the fleet has restarted the unit by itself; null where it does not count.</summary>
    public int? Restarts { get; init; }

    /// <summary>Why the unit is not healthy, as far as the fleet knows: an exit code, a health check's answer, an engine's message.</summary>
    public string? Detail { get; init; }

    /// <summary>Where the unit answers, <c>host:port</c>; null where the fleet does not tell.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Started, answering and registered.</summary>
    public bool IsHealthy => Active == "active" && Sub == "running";

    /// <summary>Ended badly, and not to be started again by the fleet.</summary>
    public bool IsFailed => Active == "failed";

    /// <summary>Ended, and about to be started again by the fleet.</summary>
    public bool IsRestarting => Sub == "auto-restart";

    /// <summary><c>active/running</c></summary>
    public string Words => $"{Active}/{Sub}";
}
