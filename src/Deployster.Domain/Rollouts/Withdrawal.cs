using System.Collections.Immutable;

namespace Deployster.Domain.Rollouts;

/// <summary>The end of a rollout that is given up: the deploy's units are marked and destroyed, what it was to replace runs as before.</summary>
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
        var kind = reason.Status == DeployStatus.Cancelled ? RolloutEventKind.Cancelled : RolloutEventKind.RolledBack;
        var relaunch = RelaunchReplaced(picture);
        if (picture.Own.IsEmpty && relaunch.IsEmpty)
        {
            return RolloutPlan.Ended(memory, reason.Status, kind, reason.Reason);
        }

        // Whatever that takes: what is not marked when the rollout ends stays for ever.
        if (!picture.Kept.IsEmpty)
        {
            return new RolloutPlan([new MarkGone(picture.Deploy.Id, [.. picture.Kept.Select(unit => unit.Name)]), .. relaunch], [], memory);
        }

        if (now - memory.GivingUpSince > picture.Deploy.Intention.Spec.Deadline)
        {
            var left = string.Join(", ", picture.Own.Select(unit => unit.Name));
            return RolloutPlan.Ended(
                memory,
                reason.Status,
                kind,
                picture.Own.IsEmpty
                    ? $"{reason.Reason}\nNot all units that it was to replace run again."
                    : $"{reason.Reason}\nOf its units these could not be destroyed yet: {left}. Destroying them goes on.");
        }

        ImmutableArray<RolloutAction> destroy =
            picture.Own.IsEmpty ? [] : [new DestroyUnits(picture.Deploy.Id, [.. picture.Own.Select(unit => unit.Name)])];
        return new RolloutPlan([.. destroy, .. relaunch], [], memory);
    }

    /// <summary>Brings back what the deploy replaces: units that somebody stopped, or that vanished behind Deployster's back.</summary>
    public static ImmutableArray<RolloutAction> RelaunchReplaced(RolloutPicture picture) =>
    [
        .. from units in picture.KeptReplaced.GroupBy(unit => unit.Name.DeployId)
           let count = picture.Deploy.ReplacedCountOf(units.Key)
           where units.Count(unit => unit.IsWanted) < count && units.Any(unit => unit.Intention is not null)
           select new KeepUnits(units.Key, count, count),
    ];
}
