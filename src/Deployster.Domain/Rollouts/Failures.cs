using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>Finds out whether a deploy has failed, and says why.</summary>
internal static class Failures
{
    public static GivingUp? Find(RolloutPicture picture, RolloutMemory memory, TimeSpan now)
    {
        if (memory.Refusal is { } refusal)
        {
            return new GivingUp(DeployStatus.RolledBack, refusal);
        }

        foreach (var unit in picture.Kept)
        {
            if (unit.Phase == Phase.Failed)
            {
                return new GivingUp(DeployStatus.RolledBack, $"{unit.Name} failed{After(unit.Detail)}", unit.Name);
            }

            if (memory.Of(unit.Name.Instance).Restarts is >= RolloutPlanner.CrashLoopRestarts and var restarts)
            {
                return new GivingUp(DeployStatus.RolledBack, $"{unit.Name} was restarted {restarts} times{After(unit.Detail)}", unit.Name);
            }
        }

        return now <= memory.Deadline ? null : Late(picture, memory, now);
    }

    /// <summary>A phase as people write it.</summary>
    public static string Word(Phase phase) => phase.ToString().ToLowerInvariant();

    public static string InBrackets(string? detail) => string.IsNullOrEmpty(detail) ? "" : $" ({detail})";

    private static GivingUp Late(RolloutPicture picture, RolloutMemory memory, TimeSpan now)
    {
        var spec = picture.Deploy.Intention.Spec;
        var waiting = picture.Kept.FirstOrDefault(unit => memory.Of(unit.Name.Instance).HealthySince is not { } since
            || now - since < spec.MinHealthy);
        var unit = waiting?.Name ?? picture.MissingOf(spec.InstanceCount).FirstOrDefault();
        var state = waiting is null or { Phase: Phase.Waiting, Detail: null } ? "is on no machine"
            : !waiting.IsWanted && picture.Replaced.FirstOrDefault(RolloutPicture.Occupies) is { } old ? $"waits for {old.Name} to stop"
            : $"is {Word(waiting.Phase)}{After(waiting.Detail)}";
        return new GivingUp(
            DeployStatus.RolledBack, $"It was not healthy within {spec.Deadline.TotalSeconds:0} s: {unit} {state}", unit);
    }

    private static string After(string? detail) => string.IsNullOrEmpty(detail) ? "" : $": {detail}";
}
