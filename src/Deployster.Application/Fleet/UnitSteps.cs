using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>What a fleet that is told of each unit by itself has to do to make a deploy as it shall be.</summary>
/// <param name="Make">The units to make and start.</param>
/// <param name="Start">The units to start: stopped ones, those that were made and never started, and those that failed.</param>
/// <param name="Stop">The units to stop.</param>
public sealed record UnitSteps(
    ImmutableArray<UnitDefinition> Make, ImmutableArray<UnitName> Start, ImmutableArray<UnitName> Stop)
{
    /// <summary>The units to make that do not run: there shall be more units than run.</summary>
    public ImmutableArray<UnitDefinition> MakeStopped { get; init; } = [];

    /// <summary>
    /// The steps from what is seen to what shall be. New units take the lowest numbers that are free, and run before
    /// stopped ones are started: a unit that vanished comes back as it was. Units of a later intention, whose deploy was
    /// given the same name, are left as they are.
    /// </summary>
    public static UnitSteps To(DeployTarget target)
    {
        var kept = target.Seen
            .Where(unit => !unit.IsGone && !(unit.Intention?.RequestedAt > target.Intention?.RequestedAt))
            .OrderBy(unit => unit.Name.Instance)
            .ToList();
        var running = kept.Where(unit => unit.IsWanted).ToList();
        var stopped = kept.Where(unit => !unit.IsWanted).ToList();
        var taken = target.Seen.Select(unit => unit.Name.Instance).ToHashSet();
        var made = target.Intention is null
            ? []
            : Enumerable.Range(1, int.MaxValue)
                .Where(instance => !taken.Contains(instance))
                .Take(Math.Max(0, target.Units - kept.Count))
                .Select(instance => new UnitDefinition(new UnitName(target.DeployId, instance), target.Intention))
                .ToList();
        var missing = Math.Max(0, target.Running - running.Count);
        var launched = Math.Min(missing, made.Count);
        var surplus = Math.Max(0, running.Count - target.Running);
        return new UnitSteps(
            [.. made.Take(launched)],
            [
                .. stopped.Take(missing - launched).Select(unit => unit.Name),
                .. running.Where(unit => unit.Phase is Phase.Preparing or Phase.Failed).Select(unit => unit.Name),
            ],
            [
                .. running.OrderByDescending(unit => target.StopFirst.IndexOf(unit.Name) is >= 0 and var place ? int.MaxValue - place : -1)
                    .ThenByDescending(unit => unit.Name.Instance)
                    .Take(surplus)
                    .Select(unit => unit.Name),
            ])
        {
            MakeStopped =
            [
                .. made.Skip(launched),

                // What went wrong while they were made may have passed.
                .. stopped.Skip(missing - launched).Where(unit => unit.Phase == Phase.Preparing && target.Intention is not null)
                    .Select(unit => new UnitDefinition(unit.Name, target.Intention!)),
            ],
        };
    }
}
