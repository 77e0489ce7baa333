using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Reads how a unit does from systemd's words for it.</summary>
internal static class SystemdPhase
{
    /// <summary>The phase of a unit of which a machine tells a state.</summary>
    public static Phase Of(Wanted wanted, string? active, string? sub) => (active, sub) switch
    {
        // From 254 on systemd shows the moment before as well: failed-before-auto-restart, dead-before-auto-restart.
        (_, { } word) when word.Contains("auto-restart", StringComparison.Ordinal) => Phase.Restarting,
        ("failed", _) => Phase.Failed,
        ("deactivating", _) => Phase.Stopping,
        ("activating", "condition" or "start-pre") => Phase.Preparing,
        ("activating", _) => Phase.Starting,

        // The unit file's ExecStartPost ends only when the unit answers, and systemd calls it running only then.
        ("active", "running") => Phase.Healthy,
        ("active", "exited") => Phase.Stopped,
        ("active" or "reloading" or "refreshing", _) => Phase.Running,

        // inactive/dead, and what systemd may say one day.
        _ => Idle(wanted),
    };

    /// <summary>The phase of a unit of which no machine tells a state: the agent of its machine has still to tell one.</summary>
    public static Phase WithoutState(Wanted wanted, string? machineId) =>
        wanted == Wanted.Running && machineId is not null ? Phase.Preparing : Idle(wanted);

    /// <summary>Of two phases of one unit the one that is nearer to healthy counts more.</summary>
    public static int Rank(Phase phase) => phase <= Phase.Healthy ? (int)phase : -(int)phase;

    // A unit shows as dead for a moment between loaded and starting, so that it is no failure in itself. Nothing tells
    // this moment from the end of a process with exit code 0, so both wait: a deploy's deadline decides.
    private static Phase Idle(Wanted wanted) => wanted == Wanted.Running ? Phase.Waiting : Phase.Stopped;
}
