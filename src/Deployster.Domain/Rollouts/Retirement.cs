using Deployster.Domain.Names;

namespace Deployster.Domain.Rollouts;

/// <summary>The end of a rollout that has succeeded: what the deploy replaces is marked, drained and destroyed.</summary>
internal static class Retirement
{
    public static RolloutPlan Plan(RolloutPicture picture, RolloutMemory memory, bool isHealthy, TimeSpan now)
    {
        memory = memory with { UnhealthySince = isHealthy ? null : memory.UnhealthySince ?? now };
        var deadline = picture.Deploy.Intention.Spec.Deadline;
        if (!isHealthy)
        {
            // The new set has fallen ill, or lost units, while the old one goes. Nothing more is destroyed until it is well.
            return now - memory.UnhealthySince > deadline
                ? RolloutPlan.Ended(
                    memory,
                    DeployStatus.Failed,
                    RolloutEventKind.Failed,
                    $"It is not healthy any more; {picture.Replaced.Length} of the units it replaces are left.")
                : Launching.Complete(picture, memory);
        }

        if (picture.Replaced.IsEmpty)
        {
            return RolloutPlan.Ended(memory, DeployStatus.Succeeded, RolloutEventKind.Succeeded, Succeeded(picture.Deploy));
        }

        if (!picture.KeptReplaced.IsEmpty)
        {
            return new RolloutPlan(
                [.. picture.KeptReplaced.GroupBy(unit => unit.Name.DeployId).Select(units => new MarkGone(units.Key, [.. units.Select(unit => unit.Name)]))],
                [],
                memory);
        }

        if (now - memory.SucceedingSince > deadline)
        {
            var left = string.Join(", ", picture.Replaced.Select(unit => unit.Name));
            return RolloutPlan.Ended(
                memory,
                DeployStatus.Succeeded,
                RolloutEventKind.Succeeded,
                $"{Healthy(picture.Deploy)} Of the units that it replaces these could not be destroyed yet: {left}. Destroying them goes on.");
        }

        return new RolloutPlan(
            [.. picture.Replaced.GroupBy(unit => unit.Name.DeployId).Select(units => new DestroyUnits(units.Key, [.. units.Select(unit => unit.Name)]))],
            [.. picture.Replaced.Select(unit => new RolloutEvent(RolloutEventKind.Retiring, $"Destroying {unit.Name}", unit.Name))],
            memory);
    }

    public static string Healthy(Deploy deploy) => deploy.Intention.Spec.InstanceCount switch
    {
        1 => "Its unit is healthy.",
        var count => $"All {count} units are healthy.",
    };

    private static string Succeeded(Deploy deploy) => deploy.Intention.ReplacedUnitCount switch
    {
        0 => Healthy(deploy),
        1 => $"{Healthy(deploy)} The unit that it replaces is gone.",
        var count => $"{Healthy(deploy)} The {count} units that it replaces are gone.",
    };
}
