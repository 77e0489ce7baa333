namespace Deployster.FleetStandIn;

/// <summary>Lets a unit's version tell how the unit behaves: <c>fails-1</c> fails, <c>v2</c> is healthy.</summary>
public static class VersionBehaviors
{
    /// <summary>The behaviours by the beginning of the version.</summary>
    public static IReadOnlyDictionary<string, UnitBehavior> ByPrefix { get; } = new Dictionary<string, UnitBehavior>
    {
        ["fails"] = UnitBehavior.FailsAtOnce,
        ["noimage"] = UnitBehavior.HasNoImage,
        ["never"] = UnitBehavior.NeverAnswers,
        ["loops"] = UnitBehavior.CrashLoops,
        ["ends"] = UnitBehavior.EndsWell,
        ["homeless"] = UnitBehavior.Homeless,
        ["dies"] = UnitBehavior.Healthy with { Running = TimeSpan.FromSeconds(1) },
        ["slow"] = UnitBehavior.Healthy with { StartPost = TimeSpan.FromSeconds(3) },
    };

    /// <summary>The behaviour of a unit named <c>service:version:timestamp@instance.service</c>.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="otherwise">The behaviour where its version tells nothing.</param>
    public static UnitBehavior Choose(UnitFile unit, UnitBehavior otherwise) =>
        unit.Name.Split(':') is [_, var version, ..]
            ? ByPrefix.FirstOrDefault(entry => version.StartsWith(entry.Key, StringComparison.Ordinal)).Value ?? otherwise
            : otherwise;
}
