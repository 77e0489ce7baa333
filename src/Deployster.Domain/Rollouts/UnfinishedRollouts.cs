using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>Finds, in a fleet's units alone, the rollouts that somebody has to carry on.</summary>
public static class UnfinishedRollouts
{
    /// <summary>
    /// The deploys whose replaced units still exist. One that is itself replaced by a later rollout is not among them:
    /// the later one sees to all of its units.
    /// </summary>
    public static IReadOnlyList<Rollout> Find(IReadOnlyCollection<FleetUnit> units)
    {
        var unfinished = units
            .Where(unit => unit.Intention is { Replaces.Length: > 0 })
            .GroupBy(unit => unit.Name.Deploy)
            .Select(deploy => new Rollout(deploy.Key, deploy.MinBy(unit => unit.Name.Instance)!.Intention!))
            .Where(rollout => units.Any(rollout.IsReplaced))
            .ToList();

        return [.. unfinished.Where(rollout =>
            !unfinished.Any(later => later != rollout && units.Any(unit => unit.Name.Deploy == rollout.Deploy && later.IsReplaced(unit))))];
    }
}
