using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// The end of a rollout that is given up: the deploy's units are marked and destroyed, what it was to replace runs as
/// before. Units that serve are marked as others take their place, and none is destroyed while any of those it replaces is
/// still stopped: until then the mark has to be seen.
/// </summary>
internal static class Withdrawal
{
    public static RolloutPlan Begin(RolloutPicture picture, RolloutMemory memory, GivingUp reason, TimeSpan now)
    {
        var plan = Plan(picture, memory with { GivingUp = reason }, reason, now);
        return plan with
        {
            Events = [new RolloutEvent(RolloutEventKind.GivingUp, $"Giving up: {reason.Reason}", reason.Unit), .. plan.Events],
        };
    }

    public static RolloutPlan Plan(RolloutPicture picture, RolloutMemory memory, GivingUp reason, TimeSpan now)
    {
        memory = memory with { GivingUpSince = memory.GivingUpSince ?? now };
        var deadline = picture.Deploy.Intention.Spec.Deadline;
        var isLate = now - memory.GivingUpSince > deadline;
        var isStopped = picture.KeptReplaced.Any(unit => !unit.IsWanted);
        if (picture.Own.IsEmpty && ReplacedUnits.Start(picture, int.MaxValue).IsEmpty)
        {
            return Ended(memory, reason, reason.Reason);
        }

        var limits = Limits.Of(picture.Deploy);
        var relaunch = ReplacedUnits.Start(picture, isLate ? int.MaxValue : RoomForOld(picture, limits));

        // Whatever that takes: what is not marked when the rollout ends stays for ever.
        var marked = isLate ? picture.Kept : Dispensable(picture, limits);
        if (!marked.IsEmpty)
        {
            return new RolloutPlan(
                [new MarkGone(picture.Deploy.Id, Names(marked)), .. relaunch], [], memory with { GivingUpSince = now });
        }

        if (isLate && picture.Kept.IsEmpty && (!isStopped || now - memory.GivingUpSince > 2 * deadline))
        {
            // What is told to run is kept, however long it takes.
            return Ended(memory, reason, Unfinished(picture, reason)) with { Actions = [.. relaunch] };
        }

        var ends = picture.Kept.IsEmpty && !isStopped;
        var leaving = ends ? picture.Own : [.. picture.Own.Where(unit => unit.IsGone && RolloutPicture.Occupies(unit))];
        ImmutableArray<RolloutAction> leave =
            leaving.IsEmpty ? []
            : ends ? [new DestroyUnits(picture.Deploy.Id, Names(leaving))]
            : [new StopUnits(picture.Deploy.Id, Names(leaving))];
        return new RolloutPlan([.. leave, .. relaunch], [], memory);
    }

    // The old set alone is within the limits.
    private static int RoomForOld(RolloutPicture picture, Limits limits) =>
        picture.Own.Count(RolloutPicture.Occupies) is > 0 and var own && !picture.Deploy.EntersAtOnce
            ? limits.LeftBeside(own) - picture.KeptReplaced.Count(RolloutPicture.Occupies)
            : int.MaxValue;

    /// <summary>
    /// The units that can be marked now: those that serve nobody, and so many others as there are too many that serve. While
    /// units of the old set are still to be started, no more than they need room.
    /// </summary>
    private static ImmutableArray<Unit> Dispensable(RolloutPicture picture, Limits limits)
    {
        var serving = picture.Kept
            .Where(unit => !picture.Deploy.EntersAtOnce && unit is { IsWanted: true, IsHealthy: true })
            .OrderByDescending(unit => unit.Name.Instance)
            .ToList();
        var healthyOld = picture.KeptReplaced.Count(unit => unit is { IsWanted: true, IsHealthy: true });
        var surplus = healthyOld + serving.Count - Math.Min(limits.Least, picture.Deploy.OldCount);
        var stopped = picture.KeptReplaced.Count(unit => !unit.IsWanted);
        var needed = stopped == 0 ? serving.Count : stopped - RoomForOld(picture, limits);
        return [.. picture.Kept.Except(serving), .. serving.Take(Math.Min(surplus, needed))];
    }

    private static RolloutPlan Ended(RolloutMemory memory, GivingUp reason, string message) => RolloutPlan.Ended(
        memory,
        reason.Status,
        reason.Status == DeployStatus.Cancelled ? RolloutEventKind.Cancelled : RolloutEventKind.RolledBack,
        message);

    private static string Unfinished(RolloutPicture picture, GivingUp reason)
    {
        var left = string.Join(", ", picture.Own.Select(unit => unit.Name));
        var isWhole = ReplacedUnits.Start(picture, int.MaxValue).IsEmpty;
        return reason.Reason
            + (picture.Own.IsEmpty ? "" : $"\nOf its units these could not be destroyed yet: {left}. Destroying them goes on.")
            + (isWhole ? "" : "\nNot all units that it was to replace run again.");
    }

    private static ImmutableArray<UnitName> Names(IEnumerable<Unit> units) =>
        [.. units.OrderBy(unit => unit.Name.Instance).Select(unit => unit.Name)];
}
