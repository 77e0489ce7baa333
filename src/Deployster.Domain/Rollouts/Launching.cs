using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// The way forward: the new set's units are made and started, batch by batch, and units that they replace are stopped for
/// them. What is stopped may come back. Nothing is stopped before the units that take its place are made: then the fleet
/// tells of the rollout, and their image is there.
/// </summary>
internal static class Launching
{
    public static RolloutPlan Plan(RolloutPicture picture, RolloutMemory memory, Batch batch)
    {
        var limits = Limits.Of(picture.Deploy);
        var old = KeepOld(picture, batch, limits);
        var occupied = picture.KeptReplaced.Count(RolloutPicture.Occupies) + Math.Max(0, old.Sum(keep => keep.Running - CountRunning(picture, keep.DeployId)));
        var plan = Launch(picture, memory, batch.Units, limits.LeftBeside(occupied));
        return plan with
        {
            Actions = [.. plan.Actions, .. old],
            Events = [.. plan.Events, .. old.SelectMany(keep => keep.StopFirst).Select(RolloutEvent.Stopping)],
        };
    }

    /// <summary>Brings the new set to its full number, whatever the old one does.</summary>
    public static RolloutPlan Complete(RolloutPicture picture, RolloutMemory memory) =>
        Launch(picture, memory, picture.Deploy.Intention.Spec.InstanceCount, int.MaxValue);

    private static RolloutPlan Launch(RolloutPicture picture, RolloutMemory memory, int count, int room)
    {
        var missing = picture.MissingOf(count).ToList();
        var running = picture.Kept.Count(unit => unit.IsWanted);
        var target = Math.Max(running, Math.Min(count, room));
        var isBehind = missing.Count > 0 || target > running || picture.Kept.Any(unit => unit.Phase == Phase.Preparing);
        return new RolloutPlan(
            isBehind ? [new KeepUnits(picture.Deploy.Id, count, target)] : [],
            [.. missing.Select(RolloutEvent.Launching)],
            memory);
    }

    private static ImmutableArray<KeepUnits> KeepOld(RolloutPicture picture, Batch batch, Limits limits)
    {
        var surplus = picture.KeptReplaced.Count(unit => unit.IsWanted) - batch.Old;
        return surplus > 0 && IsMade(picture, batch) ? ReplacedUnits.Stop(picture, surplus, Math.Max(0, CountServing(picture) - limits.Least))

            // While the fleet tells nothing of the rollout, nobody would bring back what is stopped.
            : ReplacedUnits.Start(picture, picture.Kept.IsEmpty ? int.MaxValue : -surplus);
    }

    // What is still being made may turn out not to be there.
    private static bool IsMade(RolloutPicture picture, Batch batch) =>
        picture.Kept.Length >= batch.Units
        && picture.Kept.All(unit => unit.Phase != Phase.Preparing && (unit.IsWanted || unit.Phase == Phase.Stopped));

    private static int CountRunning(RolloutPicture picture, DeployId deployId) =>
        picture.KeptReplaced.Count(unit => unit.IsWanted && unit.Name.DeployId == deployId);

    private static int CountServing(RolloutPicture picture) =>
        picture.Kept.Concat(picture.KeptReplaced).Count(unit => unit is { IsWanted: true, IsHealthy: true });
}
