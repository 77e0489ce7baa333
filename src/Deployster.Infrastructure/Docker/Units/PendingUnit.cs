using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>A unit that has no running container yet: it is being made, or could not be.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Intention">The intention of its deploy.</param>
internal sealed record PendingUnit(UnitName Name, Intention? Intention)
{
    /// <summary>Why it was refused, for good; null where it was not.</summary>
    public string? Failure { get; init; }

    /// <summary>What stood in the way the last time, and may pass; null where nothing did.</summary>
    public string? Trouble { get; init; }
}
