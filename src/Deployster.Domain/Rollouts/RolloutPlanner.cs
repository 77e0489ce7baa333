using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>
/// Decides what comes next in a rollout, from a picture of the fleet and what was seen before. Pure: the same picture
/// gives the same plan. Two decisions are final, and each shows in the fleet as soon as it is acted on:
/// that the deploy succeeds (fewer of the replaced units exist than there were) and that it is given up
/// (the target state of its units is inactive). Before the first, no replaced unit is touched.
/// </summary>
public static class RolloutPlanner
{
    /// <summary>A unit that was restarted so often is in a crash loop.</summary>
    public const int CrashLoopRestarts = 3;

    // A watcher that begins after the deadline still needs time to see whether the units are healthy.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(15);

    /// <summary>What comes next.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="units">The fleet's units, or at least those of the service.</param>
    /// <param name="states">Their states.</param>
    /// <param name="seen">The memory of the plan before; of a new watcher: <see cref="RolloutMemory.Begin"/>.</param>
    /// <param name="now">The time.</param>
    public static RolloutPlan Plan(
        Rollout rollout,
        IReadOnlyCollection<FleetUnit> units,
        IReadOnlyCollection<UnitState> states,
        RolloutMemory seen,
        DateTimeOffset now)
    {
        var picture = RolloutPicture.Of(rollout, units, states);
        var memory = Observe(rollout, picture, seen, now);
        var changes = StateChanges(rollout, picture, seen);
        var next = Decide(rollout, picture, memory, picture.IsMarkedGivenUp(seen), now);
        return next with { Events = [.. changes, .. next.Events] };
    }

    private static RolloutPlan Decide(
        Rollout rollout, RolloutPicture picture, RolloutMemory memory, bool isMarkedGivenUp, DateTimeOffset now)
    {
        var isHealthy = rollout.UnitNames.All(unit =>
            memory.Of(unit.Instance).HealthySince is { } since && now - since >= rollout.Intention.Spec.MinHealthy);
        var hasBegunToSucceed = picture.Replaced.Length < rollout.Intention.ReplacedUnitCount;
        var hasBeenGivenUp = memory.GivingUp is not null && picture.Own.IsEmpty;

        // Whoever decided otherwise meanwhile has come too late: the old set is no longer whole.
        if (memory.SucceedingSince is not null || (hasBegunToSucceed && !hasBeenGivenUp))
        {
            return Succeed(rollout, picture, memory with { GivingUp = null }, isHealthy, now);
        }

        if (memory.GivingUp is { } decided)
        {
            return GiveUp(picture, memory, decided);
        }

        if (isMarkedGivenUp)
        {
            var status = rollout.Intention.DestroyPrevious ? DeployStatus.RolledBack : DeployStatus.Cancelled;
            return BeginToGiveUp(picture, memory, new GivingUp(status, "It had been given up before."));
        }

        if (isHealthy)
        {
            var healthy = new RolloutEvent(RolloutEventKind.Healthy, Healthy(rollout));
            var plan = Succeed(rollout, picture, memory, isHealthy, now);
            return plan with { Events = [healthy, .. plan.Events] };
        }

        if (FindFailure(rollout, picture, memory, now) is { } failure)
        {
            return rollout.Intention.DestroyPrevious
                ? BeginToGiveUp(picture, memory, failure)
                : Ended(memory, DeployStatus.Failed, RolloutEventKind.Failed, failure.Reason, failure.Unit);
        }

        return Launch(rollout, picture, memory);
    }

    private static RolloutMemory Observe(Rollout rollout, RolloutPicture picture, RolloutMemory seen, DateTimeOffset now)
    {
        // A clock that was set back must not stretch anything.
        DateTimeOffset NotAfterNow(DateTimeOffset time) => time < now ? time : now;

        var instances = seen.Instances.ToBuilder();
        foreach (var unit in rollout.UnitNames)
        {
            var before = seen.Of(unit.Instance);
            var state = picture.StateOf(unit);
            var restarts = Math.Max(
                state?.Restarts ?? 0,
                before.Restarts + (state is { IsRestarting: true } && before.Words != state.Words ? 1 : 0));
            var wasRestarted = restarts > before.Restarts;
            instances[unit.Instance] = before with
            {
                Launched = before.Launched || picture.IsLaunched(unit),
                Words = state?.Words ?? before.Words,
                Restarts = restarts,
                HealthySince = state is { IsHealthy: true } && picture.IsLaunched(unit)
                    ? NotAfterNow(wasRestarted ? now : before.HealthySince ?? now)
                    : null,
            };
        }

        return seen with
        {
            WatchedSince = NotAfterNow(seen.WatchedSince),
            UnhealthySince = seen.UnhealthySince is { } since ? NotAfterNow(since) : null,
            Instances = instances.ToImmutable(),
        };
    }

    private static IEnumerable<RolloutEvent> StateChanges(Rollout rollout, RolloutPicture picture, RolloutMemory seen) =>
        from unit in rollout.UnitNames
        let state = picture.StateOf(unit)
        where state is not null && state.Words != seen.Of(unit.Instance).Words
        select new RolloutEvent(RolloutEventKind.UnitState, $"{unit} is {state.Words}{InBrackets(state.Detail)}", unit);

    private static RolloutPlan Launch(Rollout rollout, RolloutPicture picture, RolloutMemory memory)
    {
        // What replaces nothing is launched once and then only watched: somebody may have destroyed a unit on purpose.
        var wanted = rollout.UnitNames
            .Where(unit => rollout.Intention.ReplacedUnitCount > 0 || !memory.Of(unit.Instance).Launched)
            .ToLookup(unit => picture.Own.ContainsKey(unit.Instance));
        var missing = wanted[false];
        var stopped = wanted[true].Where(unit => !picture.IsLaunched(unit));
        return new RolloutPlan(
            [
                .. missing.Select(unit => new LaunchUnit(unit)),
                .. stopped.Select(unit => new SetTargetState(unit, TargetState.Launched)),
            ],
            [.. missing.Select(RolloutEvent.Launching)],
            memory);
    }

    private static RolloutPlan Succeed(
        Rollout rollout, RolloutPicture picture, RolloutMemory memory, bool isHealthy, DateTimeOffset now)
    {
        memory = isHealthy
            ? memory with { SucceedingSince = memory.SucceedingSince ?? now, UnhealthySince = null }
            : memory with { UnhealthySince = memory.UnhealthySince ?? now };

        if (picture.Replaced.IsEmpty && memory.SucceedingSince is not null)
        {
            return Ended(memory, DeployStatus.Succeeded, RolloutEventKind.Succeeded, Succeeded(rollout));
        }

        if (isHealthy)
        {
            return new RolloutPlan(
                [.. picture.Replaced.Select(unit => new DestroyUnit(unit.Name))],
                [.. picture.Replaced.Select(unit => new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {unit.Name}", unit.Name))],
                memory);
        }

        // The new set has fallen ill while the old one was being destroyed. Nothing more is destroyed until it is well.
        return now - memory.UnhealthySince > rollout.Intention.Spec.Deadline
            ? Ended(
                memory,
                DeployStatus.Failed,
                RolloutEventKind.Failed,
                $"It is not healthy any more; {picture.Replaced.Length} of the units it replaces are left.")
            : Launch(rollout, picture, memory);
    }

    private static RolloutPlan BeginToGiveUp(RolloutPicture picture, RolloutMemory memory, GivingUp reason)
    {
        var plan = GiveUp(picture, memory with { GivingUp = reason }, reason);
        return plan with
        {
            Events = [new RolloutEvent(RolloutEventKind.GivingUp, $"Giving up: {reason.Reason}", reason.Unit), .. plan.Events],
        };
    }

    private static RolloutPlan GiveUp(RolloutPicture picture, RolloutMemory memory, GivingUp reason)
    {
        if (picture.Own.IsEmpty)
        {
            var kind = reason.Status == DeployStatus.Cancelled ? RolloutEventKind.Cancelled : RolloutEventKind.RolledBack;
            return Ended(memory, reason.Status, kind, reason.Reason);
        }

        var unmarked = picture.Own.Values.Where(unit => unit.TargetState != TargetState.Inactive).ToList();
        return unmarked.Count > 0
            ? new RolloutPlan([.. unmarked.Select(unit => new SetTargetState(unit.Name, TargetState.Inactive))], [], memory)
            : new RolloutPlan([.. picture.Own.Values.Select(unit => new DestroyUnit(unit.Name))], [], memory);
    }

    private static GivingUp? FindFailure(
        Rollout rollout, RolloutPicture picture, RolloutMemory memory, DateTimeOffset now)
    {
        foreach (var unit in rollout.UnitNames)
        {
            var state = picture.StateOf(unit);
            if (state is { IsFailed: true })
            {
                return new GivingUp(DeployStatus.RolledBack, $"{unit} failed{After(state.Detail)}", unit);
            }

            if (memory.Of(unit.Instance).Restarts is >= CrashLoopRestarts and var restarts)
            {
                return new GivingUp(
                    DeployStatus.RolledBack, $"{unit} was restarted {restarts} times{After(state?.Detail)}", unit);
            }
        }

        if (now <= DeadlineOf(rollout, memory))
        {
            return null;
        }

        var waiting = rollout.UnitNames.First(unit => memory.Of(unit.Instance).HealthySince is not { } since
            || now - since < rollout.Intention.Spec.MinHealthy);
        var last = picture.StateOf(waiting);
        return new GivingUp(
            DeployStatus.RolledBack,
            $"It was not healthy within {rollout.Intention.Spec.Deadline.TotalSeconds:0} s: {waiting} "
            + (last is null ? "is on no machine" : $"is {last.Words}{After(last.Detail)}"),
            waiting);
    }

    private static DateTimeOffset DeadlineOf(Rollout rollout, RolloutMemory memory)
    {
        var spec = rollout.Intention.Spec;
        var grace = spec.MinHealthy + s_grace;
        var earliest = memory.WatchedSince + (grace < spec.Deadline ? grace : spec.Deadline);
        var latest = memory.WatchedSince + spec.Deadline;
        var deadline = rollout.Intention.Deadline;
        return deadline < earliest ? earliest : deadline > latest ? latest : deadline;
    }

    private static RolloutPlan Ended(
        RolloutMemory memory, DeployStatus status, RolloutEventKind kind, string message, UnitName? unit = null) =>
        new([], [new RolloutEvent(kind, message, unit)], memory) { Outcome = new RolloutOutcome(status, message) };

    private static string Healthy(Rollout rollout) => rollout.Intention.Spec.InstanceCount switch
    {
        1 => "Its unit is healthy.",
        var count => $"All {count} units are healthy.",
    };

    private static string Succeeded(Rollout rollout) => rollout.Intention.ReplacedUnitCount switch
    {
        0 => Healthy(rollout),
        1 => $"{Healthy(rollout)} The unit that it replaces is gone.",
        var count => $"{Healthy(rollout)} The {count} units that it replaces are gone.",
    };

    private static string After(string? detail) => string.IsNullOrEmpty(detail) ? "" : $": {detail}";

    private static string InBrackets(string? detail) => string.IsNullOrEmpty(detail) ? "" : $" ({detail})";
}
