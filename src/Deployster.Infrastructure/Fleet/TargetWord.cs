using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// Fleet's target states, and what Deployster means by them. Fleet makes a unit in two writes to etcd: first the unit,
/// then its target state. Whoever reads between the two sees the unit <c>inactive</c>. So that word means nothing that
/// cannot be taken back: stopped. The mark of a unit that shall go is <c>loaded</c>, which no half-made unit shows.
/// </summary>
internal static class TargetWord
{
    private const string Launched = "launched";
    private const string Loaded = "loaded";

    /// <summary>How every unit begins.</summary>
    public const string Inactive = "inactive";

    public static string For(Wanted wanted) => wanted switch
    {
        Wanted.Running => Launched,
        Wanted.Stopped => Inactive,
        Wanted.Gone => Loaded,
        _ => throw new ArgumentOutOfRangeException(nameof(wanted)),
    };

    public static Wanted Read(string? word) => word switch
    {
        Launched => Wanted.Running,
        Loaded => Wanted.Gone,
        _ => Wanted.Stopped,
    };
}
