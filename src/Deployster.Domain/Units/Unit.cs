using Deployster.Domain.Names;

namespace Deployster.Domain.Units;

/// <summary>One instance of one deploy: all that its fleet tells of it, in one piece.</summary>
/// <param name="Name">The unit's name.</param>
/// <param name="Wanted">What the fleet was told to make of it.</param>
/// <param name="Phase">How it does.</param>
public sealed record Unit(UnitName Name, Wanted Wanted, Phase Phase)
{
    private readonly FleetWords? _words;

    /// <summary>The machine it is on; null while there is none.</summary>
    public string? MachineId { get; init; }

    /// <summary>Where it answers, <c>host:port</c>; null where the fleet does not tell, or it answers nowhere.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Tells one run of its process from the next: container id and start. Null where the fleet does not tell.</summary>
    public string? Run { get; init; }

    /// <summary>How often the fleet has restarted it by itself; null where the fleet does not count.</summary>
    public int? Restarts { get; init; }

    /// <summary>The exit code of its last run that ended; null where there is none, or the fleet does not tell.</summary>
    public int? ExitCode { get; init; }

    /// <summary>
    /// Whether the image's own HEALTHCHECK passes, as the engine tells; null where there is none. Where it does not,
    /// <see cref="Detail"/> says why.
    /// </summary>
    public bool? PassesHealthcheck { get; init; }

    /// <summary>Why it is not healthy, for a reader: an exit code, a health check's answer, an engine's message.</summary>
    public string? Detail { get; init; }

    /// <summary>The intention of its deploy; null where the unit carries none that can be read.</summary>
    public Intention? Intention { get; init; }

    /// <summary>The id of the image that it runs; null where the fleet does not tell.</summary>
    public string? ImageId { get; init; }

    /// <summary>The fleet's own words for it.</summary>
    public FleetWords Words
    {
        get => _words ?? FleetWords.Of(Wanted, Phase);
        init => _words = value;
    }

    /// <summary>Started, answering and registered.</summary>
    public bool IsHealthy => Phase == Phase.Healthy;

    /// <summary>Wanted to run and never marked to go.</summary>
    public bool IsWanted => Wanted == Wanted.Running;

    /// <summary>Marked: it never comes back.</summary>
    public bool IsGone => Wanted == Wanted.Gone;
}
