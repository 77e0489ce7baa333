using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Domain.Rollouts;

/// <summary>What comes next in a rollout.</summary>
/// <param name="Actions">What to do now.</param>
/// <param name="Events">What to tell.</param>
/// <param name="Memory">What to remember until the next plan.</param>
public sealed record RolloutPlan(
    ImmutableArray<RolloutAction> Actions,
    ImmutableArray<RolloutEvent> Events,
    RolloutMemory Memory)
{
    /// <summary>How the rollout has ended; null while it is under way.</summary>
    public RolloutOutcome? Outcome { get; init; }

    internal static RolloutPlan Ended(
        RolloutMemory memory, DeployStatus status, RolloutEventKind kind, string message, UnitName? unit = null) =>
        new([], [new RolloutEvent(kind, message, unit)], memory) { Outcome = new RolloutOutcome(status, message) };
}
