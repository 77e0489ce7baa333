using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>One look at the fleet and the plan that came of it.</summary>
/// <param name="Watcher">Which watcher looked: each restart of Deployster makes a new one.</param>
/// <param name="Units">The units that it saw.</param>
/// <param name="States">The states that it saw.</param>
/// <param name="Seen">What it remembered.</param>
/// <param name="Now">What its clock showed.</param>
/// <param name="Plan">What it planned.</param>
internal sealed record Look(
    int Watcher,
    IReadOnlyList<FleetUnit> Units,
    IReadOnlyList<UnitState> States,
    RolloutMemory Seen,
    DateTimeOffset Now,
    RolloutPlan Plan);
