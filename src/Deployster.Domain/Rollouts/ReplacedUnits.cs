using System.Collections.Immutable;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>Stops replaced units, and brings them back. They may be those of several deploys.</summary>
internal static class ReplacedUnits
{
    /// <summary>Has units of those that run stop: ill ones first, then the oldest deploy's, and of these the highest instances.</summary>
    /// <param name="picture">The fleet.</param>
    /// <param name="count">How many are to stop.</param>
    /// <param name="healthyCount">How many of them may be healthy.</param>
    public static ImmutableArray<KeepUnits> Stop(RolloutPicture picture, int count, int healthyCount)
    {
        var running = picture.KeptReplaced.Where(unit => unit.IsWanted)
            .OrderBy(unit => unit.Intention?.RequestedAt ?? DateTimeOffset.MinValue)
            .ThenByDescending(unit => unit.Name.Instance)
            .ThenBy(unit => unit.Name.ToString(), StringComparer.Ordinal)
            .ToLookup(unit => unit.IsHealthy);
        return
        [
            .. running[false].Concat(running[true].Take(healthyCount)).Take(count).GroupBy(unit => unit.Name.DeployId).Select(units =>
                new KeepUnits(
                    units.Key,
                    picture.Deploy.ReplacedCountOf(units.Key),
                    picture.KeptReplaced.Count(unit => unit.IsWanted && unit.Name.DeployId == units.Key) - units.Count())
                {
                    StopFirst = [.. units.Select(unit => unit.Name)],
                }),
        ];
    }

    /// <summary>
    /// Brings back units that are stopped, or that vanished behind Deployster's back. Beyond so many, what vanished comes
    /// back stopped.
    /// </summary>
    public static ImmutableArray<KeepUnits> Start(RolloutPicture picture, int room)
    {
        var actions = ImmutableArray.CreateBuilder<KeepUnits>();
        foreach (var units in picture.KeptReplaced.GroupBy(unit => unit.Name.DeployId))
        {
            var count = picture.Deploy.ReplacedCountOf(units.Key);
            var running = units.Count(unit => unit.IsWanted);
            var canMake = units.Any(unit => unit.Intention is not null);
            var startable = canMake ? count - running : Math.Min(count, units.Count()) - running;
            var started = Math.Max(0, Math.Min(room, startable));
            if (started > 0 || (canMake && units.Count() < count))
            {
                actions.Add(new KeepUnits(units.Key, count, running + started));
                room -= started;
            }
        }

        return actions.ToImmutable();
    }
}
