using Deployster.Domain.Rollouts;

namespace Deployster.Application.History;

/// <summary>Something that happened to a deploy, as it is remembered.</summary>
/// <param name="Id">Its number among the deploy's events, from 1 without gaps.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Happened">What happened.</param>
public sealed record DeployEvent(long Id, DateTimeOffset Time, RolloutEvent Happened);
