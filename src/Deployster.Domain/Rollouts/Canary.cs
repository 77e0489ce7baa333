namespace Deployster.Domain.Rollouts;

/// <summary>
/// The first units of a rollout, which wait until somebody promotes them, or their time does. Whoever finds more units than
/// the canary has knows that it was promoted; whoever finds nothing of the kind may have it wait again.
/// </summary>
internal static class Canary
{
    /// <summary>Notes what the canary does, and promotes it when its time has come.</summary>
    /// <returns>The memory, and what there is to tell.</returns>
    public static (RolloutMemory Memory, RolloutEvent? Event) Watch(
        RolloutPicture picture, RolloutMemory memory, int healthy, TimeSpan now)
    {
        var spec = picture.Deploy.Intention.Spec;
        if (picture.Deploy.CanaryCount is not { } count || memory.IsPromoted)
        {
            return (memory, null);
        }

        if (picture.Kept.Length > count)
        {
            return (memory with { IsPromoted = true }, null);
        }

        if (picture.Kept.Count(unit => unit is { IsWanted: true, IsHealthy: true }) < count)
        {
            return (memory with { CanarySince = null }, null);
        }

        if (healthy < count)
        {
            return (memory, null);
        }

        // One that was restarted meanwhile has not been healthy all the time, whether or not anybody saw it.
        if (picture.Kept.Any(unit => memory.Of(unit.Name.Instance) is { Restarts: > 0 } seen && seen.HealthySince > memory.CanarySince))
        {
            memory = memory with { CanarySince = null };
        }

        // The deadline stands still while it waits.
        var waiting = memory with { CanarySince = memory.CanarySince ?? now, Deadline = now + spec.Deadline };
        return now - waiting.CanarySince >= spec.Strategy?.CanaryTime
            ? (waiting with { IsPromoted = true }, new RolloutEvent(
                RolloutEventKind.Promoted, $"Promoted: its canary has been healthy for {spec.Strategy.CanaryTime.Value.TotalSeconds:0} s."))
            : (waiting, memory.CanarySince is null ? Waiting(picture.Deploy, count) : null);
    }

    /// <summary>Whether the rollout goes no further than its canary.</summary>
    public static bool Holds(Deploy deploy, RolloutMemory memory) => deploy.CanaryCount is not null && !memory.IsPromoted;

    private static RolloutEvent Waiting(Deploy deploy, int count)
    {
        var spec = deploy.Intention.Spec;
        var waits = count == 1 ? "Its canary is healthy and waits" : $"All {count} units of its canary are healthy and wait";
        var until = spec.Strategy?.CanaryTime is { } time ? $"for {time.TotalSeconds:0} s, or to be promoted" : "to be promoted";
        return new RolloutEvent(RolloutEventKind.CanaryWaiting, $"{waits} {until}.");
    }
}
