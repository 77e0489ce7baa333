using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// Decides what comes next in a rollout, from a picture of the fleet and what was seen before. Pure: the same picture
/// gives the same plan. Two decisions are final, and each is marked in the fleet before it is acted on: once a unit that
/// the deploy replaces is wanted gone, the deploy succeeds; once a unit of its own is, it is given up. Where both are
/// marked, success wins. Before the first mark nothing is touched but the deploy's own units, and those that its strategy
/// has stop for them; these may come back.
/// </summary>
public static class RolloutPlanner
{
    /// <summary>A unit that was restarted so often is in a crash loop.</summary>
    public const int CrashLoopRestarts = 3;

    /// <summary>What comes next.</summary>
    /// <param name="deploy">The deploy.</param>
    /// <param name="units">The fleet's units, or at least those of the service.</param>
    /// <param name="seen">The memory of the plan before.</param>
    /// <param name="now">The time, by the monotonic clock of that memory.</param>
    public static RolloutPlan Plan(Deploy deploy, IReadOnlyCollection<Unit> units, RolloutMemory seen, TimeSpan now)
    {
        var picture = RolloutPicture.Of(deploy, units);
        var next = Decide(picture, Observe(picture, seen, now), now);
        return next with { Events = [.. PhaseChanges(picture, seen), .. next.Events] };
    }

    private static RolloutPlan Decide(RolloutPicture picture, RolloutMemory memory, TimeSpan now)
    {
        // Without units no mark can stand for its success.
        if (ReleaseStage.IsDue(picture, memory))
        {
            return ReleaseStage.Plan(picture, memory, now);
        }

        var healthy = CountHealthy(picture, memory, now);
        var isHealthy = healthy >= picture.Deploy.Intention.Spec.InstanceCount;
        if (IsSucceeding(picture, memory))
        {
            memory = memory with { GivingUp = null, GivingUpSince = null, SucceedingSince = memory.SucceedingSince ?? now };
            return Retirement.Plan(picture, memory, isHealthy, now);
        }

        memory = memory with { SucceedingSince = null, UnhealthySince = null };
        (memory, var released) = ReleaseStage.Watch(picture, memory, now);
        var plan = Advance(picture, memory, healthy, now);
        return released is null ? plan : plan with { Events = [released, .. plan.Events] };
    }

    private static RolloutPlan Advance(RolloutPicture picture, RolloutMemory memory, int healthy, TimeSpan now)
    {
        if (memory.GivingUp is { } decided)
        {
            return Withdrawal.Plan(picture, memory, decided, now);
        }

        if (picture.IsMarkedGivenUp)
        {
            var status = picture.Deploy.Intention.DestroyPrevious ? DeployStatus.RolledBack : DeployStatus.Cancelled;
            return Withdrawal.Begin(picture, memory, new GivingUp(status, "It had been given up before."), now);
        }

        var (watched, told) = Canary.Watch(picture, memory, healthy, now);
        var plan = GoOn(picture, watched, healthy, now);
        return told is null ? plan : plan with { Events = [told, .. plan.Events] };
    }

    private static RolloutPlan GoOn(RolloutPicture picture, RolloutMemory memory, int healthy, TimeSpan now)
    {
        var (spec, isHeld) = (picture.Deploy.Intention.Spec, Canary.Holds(picture.Deploy, memory));
        if (healthy >= spec.InstanceCount && !isHeld)
        {
            var plan = Retirement.Plan(picture, memory with { SucceedingSince = now }, isHealthy: true, now);
            return plan with { Events = [new RolloutEvent(RolloutEventKind.Healthy, Retirement.Healthy(picture.Deploy)), .. plan.Events] };
        }

        var batch = Batch.Due(picture, isHeld ? picture.Deploy.CanaryCount!.Value : spec.InstanceCount, healthy);
        memory = batch.Renew(memory, spec.Deadline, now);

        if (Failures.Find(picture, memory, now) is { } failure)
        {
            // Nothing is destroyed for being ill where nothing better is there.
            return picture.KeptReplaced.IsEmpty
                ? RolloutPlan.Ended(memory, DeployStatus.Failed, RolloutEventKind.Failed, failure.Reason, failure.Unit)
                : Withdrawal.Begin(picture, memory, failure, now);
        }

        return Launching.Plan(picture, memory, batch);
    }

    private static bool IsSucceeding(RolloutPicture picture, RolloutMemory memory)
    {
        if (memory.GivingUp is not null && picture.Own.IsEmpty)
        {
            // The old set is what stays, unless another Deployster has marked all of it meanwhile.
            return picture.KeptReplaced.IsEmpty && !picture.Replaced.IsEmpty;
        }

        // Whoever has given up has come too late where the old set is no longer whole. Whoever has found the deploy
        // healthy has, where another Deployster's mark is in the fleet and its own is not.
        var isGivenUp = memory.GivingUp is not null || picture.IsMarkedGivenUp;
        return picture.IsMarkedSucceeded
            || (isGivenUp && picture.HasLostReplaced)
            || (memory.SucceedingSince is not null && !picture.IsMarkedGivenUp);
    }

    private static int CountHealthy(RolloutPicture picture, RolloutMemory memory, TimeSpan now) =>
        picture.Kept.Count(unit => memory.Of(unit.Name.Instance).HealthySince is { } since
            && now - since >= picture.Deploy.Intention.Spec.MinHealthy);

    private static RolloutMemory Observe(RolloutPicture picture, RolloutMemory seen, TimeSpan now)
    {
        var instances = picture.Own.ToImmutableSortedDictionary(unit => unit.Name.Instance, unit =>
        {
            var before = seen.Of(unit.Name.Instance);
            var restarts = RestartsSince(before, unit);
            return before with
            {
                Phase = unit.Phase,
                Restarts = before.Restarts + restarts,
                Counted = unit.Restarts ?? 0,
                HealthySince = unit is { IsHealthy: true, IsWanted: true }
                    ? restarts > 0 ? now : before.HealthySince ?? now
                    : null,
            };
        });
        return seen with { Instances = instances };
    }

    /// <summary>How often the unit was restarted since the last look.</summary>
    private static int RestartsSince(InstanceMemory before, Unit unit) => unit.Restarts switch
    {
        null => unit.Phase == Phase.Restarting && before.Phase != Phase.Restarting ? 1 : 0,

        // A count that has fallen is the count of another unit, made in its place.
        { } counted when counted < before.Counted => counted,
        { } counted => counted - before.Counted,
    };

    private static IEnumerable<RolloutEvent> PhaseChanges(RolloutPicture picture, RolloutMemory seen) =>
        from unit in picture.Own
        where unit.Phase != seen.Of(unit.Name.Instance).Phase
        select new RolloutEvent(
            RolloutEventKind.UnitState, $"{unit.Name} is {Failures.Word(unit.Phase)}{Failures.InBrackets(unit.Detail)}", unit.Name);
}
