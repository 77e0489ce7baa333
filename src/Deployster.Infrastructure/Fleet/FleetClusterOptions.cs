namespace Deployster.Infrastructure.Fleet;

/// <summary>Which Fleet cluster to deploy to, and how.</summary>
/// <param name="Address">Fleet's API: <c>unix:///var/run/fleet.sock</c> or <c>http://host:port</c>.</param>
public sealed record FleetClusterOptions(Uri Address)
{
    /// <summary>Whether an image is pulled even if the machine has it.</summary>
    public bool PullAlways { get; init; }

    /// <summary>The template of every unit file.</summary>
    public UnitTemplate UnitTemplate { get; init; } = UnitTemplate.Convention;

    internal FleetTiming Timing { get; init; } = new();
}
