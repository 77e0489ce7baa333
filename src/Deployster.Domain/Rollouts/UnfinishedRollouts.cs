using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>Finds, in a fleet's units alone, the rollouts that somebody has to carry on.</summary>
public static class UnfinishedRollouts
{
    /// <summary>
    /// The deploys whose replaced units still exist. One that is itself replaced by a later rollout is not among them:
    /// the later one sees to all of its units.
    /// </summary>
    public static IReadOnlyList<Deploy> Find(IReadOnlyCollection<Unit> units)
    {
        var unfinished = units
            .Where(unit => unit.Intention is { Replaces.Length: > 0 })
            .GroupBy(unit => unit.Name.DeployId)
            .Select(own => new Deploy(own.Key, own.MinBy(unit => unit.Name.Instance)!.Intention!))
            .Where(deploy => units.Any(deploy.IsReplaced))
            .ToList();

        return [.. unfinished.Where(deploy =>
            !unfinished.Any(later => later != deploy && units.Any(unit => unit.Name.DeployId == deploy.Id && later.IsReplaced(unit))))];
    }
}
