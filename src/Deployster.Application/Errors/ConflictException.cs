using Deployster.Domain.Names;

namespace Deployster.Application.Errors;

/// <summary>What a request asks for cannot be done as things are now.</summary>
/// <param name="message">Why, for a reader.</param>
/// <param name="underWayId">The deploy whose rollout stands in the way; null where none does.</param>
public sealed class ConflictException(string message, DeployId? underWayId = null) : Exception(message)
{
    /// <summary>The deploy whose rollout stands in the way; null where none does.</summary>
    public DeployId? UnderWayId { get; } = underWayId;
}
