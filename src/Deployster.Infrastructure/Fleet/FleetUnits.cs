using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Reads what Fleet and systemd say of a unit.</summary>
internal static class FleetUnits
{
    /// <summary>On a machine and started. It stands for <see cref="Wanted.Running"/>.</summary>
    public const string Launched = "launched";

    /// <summary>
    /// On a machine, not started. It stands for <see cref="Wanted.Gone"/>. Fleet makes a unit in two writes to etcd, first
    /// the unit and then its target state, and between them everybody reads <see cref="Inactive"/>: so the mark that is
    /// never taken back must be a word that no unit shows by itself.
    /// </summary>
    public const string Loaded = "loaded";

    /// <summary>On no machine. It stands for <see cref="Wanted.Stopped"/>, which a rollout corrects without harm.</summary>
    public const string Inactive = "inactive";

    /// <summary>The unit, from its own record and what machines tell of it.</summary>
    public static Unit Read(UnitName name, FleetUnitMessage unit, IReadOnlyList<FleetStateMessage> states)
    {
        var wanted = unit.DesiredState switch
        {
            Launched => Wanted.Running,
            Loaded => Wanted.Gone,
            _ => Wanted.Stopped,
        };
        var machine = unit.MachineID is { Length: > 0 } id ? id : null;

        // A machine that a unit was moved away from may go on telling of it for a while.
        var state = states.FirstOrDefault(state => state.MachineID == machine) ?? (machine is null && states.Count > 0 ? states[0] : null);
        var options = (unit.Options ?? []).OfType<FleetOptionMessage>().Select(option =>
            new UnitOption(option.Section ?? "", option.Name ?? "", option.Value ?? ""));
        return new Unit(name, wanted, PhaseOf(state?.SystemdActiveState, state?.SystemdSubState, wanted))
        {
            MachineId = machine,
            Intention = IntentionOptions.Read(options),
            Words = new FleetWords(WordOf(unit.DesiredState), WordOf(unit.CurrentState), state?.SystemdActiveState, state?.SystemdSubState),
        };
    }

    private static Phase PhaseOf(string? active, string? sub, Wanted wanted) => (active, sub) switch
    {
        (null, _) => wanted == Wanted.Running ? Phase.Waiting : Phase.Stopped,
        ("failed", _) => Phase.Failed,
        (_, "auto-restart" or "auto-restart-queued") => Phase.Restarting,
        ("activating", "start-pre" or "condition") => Phase.Preparing,
        ("activating", _) => Phase.Starting,
        ("active", "running") => Phase.Healthy,
        ("active" or "reloading", _) => Phase.Running,
        ("deactivating", _) => Phase.Stopping,

        // It shows for a moment between loaded and starting, too: it is by itself no failure.
        ("inactive", _) => wanted == Wanted.Running ? Phase.Waiting : Phase.Stopped,
        _ => Phase.Starting,
    };

    private static string WordOf(string? state) => state is Launched or Loaded ? state : Inactive;
}
