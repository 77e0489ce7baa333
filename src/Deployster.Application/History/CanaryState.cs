using Deployster.Domain.Rollouts;

namespace Deployster.Application.History;

/// <summary>How the canary of a rollout under way does.</summary>
/// <param name="IsWaiting">Whether it is healthy and waits to be promoted.</param>
/// <param name="Since">Since when it waits; null while it does not.</param>
public sealed record CanaryState(bool IsWaiting, DateTimeOffset? Since)
{
    /// <summary>The state of a rollout's canary; null where it has none, or it was promoted.</summary>
    internal static CanaryState? Of(DeployRecord record, RolloutMemory memory, IEnumerable<DeployEvent> events)
    {
        var isHeld = record.Status == DeployStatus.InProgress
            && new Deploy(record.DeployId, record.Intention).CanaryCount is not null
            && memory is { IsPromoted: false, GivingUp: null, SucceedingSince: null };
        return !isHeld ? null
            : memory.CanarySince is null ? new CanaryState(false, null)
            : new CanaryState(true, events.LastOrDefault(happened => happened.Happened.Kind == RolloutEventKind.CanaryWaiting)?.Time);
    }
}
