namespace Deployster.Domain.Rollouts;

/// <summary>How a rollout has ended.</summary>
/// <param name="Status">The deploy's status from now on.</param>
/// <param name="Message">Why, for a reader.</param>
public sealed record RolloutOutcome(DeployStatus Status, string Message);
