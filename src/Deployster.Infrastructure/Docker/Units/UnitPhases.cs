using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Says of what the engine tells how a unit does.</summary>
internal static class UnitPhases
{
    /// <summary>A unit that has a container.</summary>
    public static Unit Of(UnitFacts facts, string machine)
    {
        var (phase, detail) = Read(facts);
        return new Unit(facts.Name, facts.Wanted, phase)
        {
            MachineId = machine,
            Endpoint = facts.Endpoint?.ToString(),
            Run = facts.StartedAt is null ? null : $"{facts.Id} {facts.StartedAt}",
            Restarts = facts.RestartCount,
            ExitCode = facts.ExitCode,
            PassesHealthcheck = facts.Status == "paused" ? false : facts.HasHealthcheck && phase == Phase.Running ? facts.HealthComplaint is null : null,
            Detail = facts.IsIncomplete ? $"the engine does not tell more of it at the moment{(detail is null ? "" : $"; {detail}")}" : detail,
            Intention = facts.Intention,
            ImageId = facts.ImageId,
        };
    }

    /// <summary>A unit that is worked on, and its container where it has one.</summary>
    public static Unit Of(UnitJob job, UnitFacts? facts, string machine)
    {
        if (facts is { IsStarted: true } && job.Wanted == Wanted.Running)
        {
            // The engine knows better than whoever waits for its answer.
            return Of(facts, machine);
        }

        var unit = facts is null
            ? new Unit(job.Name, job.Wanted, job.Phase) { MachineId = machine, Intention = job.Intention, Restarts = 0 }
            : Of(facts, machine);
        return unit with { Wanted = facts is { IsMarked: true } ? Wanted.Gone : job.Wanted, Phase = job.Phase, Detail = job.Detail };
    }

    private static (Phase Phase, string? Detail) Read(UnitFacts facts) => facts.Status switch
    {
        "created" when facts.IsRefused => (Phase.Failed, facts.Error),

        // Whatever was in the way may have passed: only whoever tries again knows.
        "created" => (facts.Wanted == Wanted.Running ? Phase.Preparing : Phase.Stopped, facts.Error),

        "running" when facts.IsHalfStarted => (Phase.Preparing, "the engine ended in the middle of its start"),

        // The same at every moment of a crash loop, so that nobody sees it flicker.
        "running" => (Phase.Running, facts.LastEnd ?? facts.HealthComplaint),
        "paused" => (Phase.Running, "paused"),
        "restarting" => (Phase.Restarting, facts.LastEnd),
        "removing" => (Phase.Stopping, "being removed"),
        "exited" when facts.Error is null && (facts.ExitCode == 0 || facts.Wanted == Wanted.Stopped) => (Phase.Stopped, null),
        "exited" => (Phase.Failed, facts.Error ?? facts.LastEnd),
        _ => (Phase.Failed, facts.Error ?? facts.LastEnd ?? facts.Status),
    };
}
