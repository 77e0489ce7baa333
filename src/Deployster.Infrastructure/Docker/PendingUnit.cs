using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Docker;

/// <summary>A unit that has no running container yet: it is being made, or could not be.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Intention">The intention of its deploy.</param>
internal sealed record PendingUnit(UnitName Name, Intention? Intention)
{
    /// <summary>What is to be made of it.</summary>
    public TargetState TargetState { get; init; } = TargetState.Launched;

    /// <summary>Why it could not be made; null while it still may be.</summary>
    public string? Failure { get; init; }
}
