using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>A unit that is being made, started or stopped, or could not be.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Wanted">What is to be made of it.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Intention">The intention of its deploy.</param>
internal sealed record UnitJob(UnitName Name, Wanted Wanted, Phase Phase, Intention? Intention)
{
    /// <summary>The last trouble, or why it was refused; null where there was none.</summary>
    public string? Detail { get; init; }
}
