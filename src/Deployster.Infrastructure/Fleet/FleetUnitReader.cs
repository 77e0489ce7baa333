using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>Makes one object of what Fleet tells of a unit in two lists: its record, and its states on machines.</summary>
internal static class FleetUnitReader
{
    public static Unit Read(UnitName name, FleetUnitMessage record, IEnumerable<FleetStateMessage> states)
    {
        var wanted = TargetWord.Read(record.DesiredState);
        var machineId = record.MachineID is { Length: > 0 } id ? id : null;
        var state = Choose(wanted, machineId, states);
        var options = (record.Options ?? []).OfType<FleetOptionMessage>()
            .Select(option => new UnitOption(option.Section ?? "", option.Name ?? "", option.Value ?? ""));
        var phase = state is null
            ? SystemdPhase.WithoutState(wanted, machineId)
            : SystemdPhase.Of(wanted, state.SystemdActiveState, state.SystemdSubState);
        return new Unit(name, wanted, phase)
        {
            MachineId = machineId ?? state?.MachineID,
            Intention = IntentionOptions.Read(options),
            Words = new FleetWords(
                record.DesiredState ?? TargetWord.Inactive,
                record.CurrentState ?? TargetWord.Inactive,
                state?.SystemdActiveState,
                state?.SystemdSubState),
        };
    }

    // While a unit moves, its old machine tells a state of it for a while, too, which its record no longer counts.
    // Where only other machines than the record's tell one, the lists are from just before and just after a move: the
    // process runs on one of them, and a unit must not look ill because it was read in that moment.
    private static FleetStateMessage? Choose(Wanted wanted, string? machineId, IEnumerable<FleetStateMessage> states) => states
        .OrderByDescending(state => machineId is not null && state.MachineID == machineId)
        .ThenByDescending(state => SystemdPhase.Rank(SystemdPhase.Of(wanted, state.SystemdActiveState, state.SystemdSubState)))
        .FirstOrDefault();
}
