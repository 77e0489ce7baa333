using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Application.Fleet;

/// <summary>
/// What a deploy shall be, in two numbers. Units that are marked to go count in neither. Its units are alike: which of
/// them stop when fewer shall run is a wish, since some fleets choose themselves.
/// </summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="Units">How many units it has. Where it has more, nothing is removed: what goes is marked first.</param>
/// <param name="Running">How many of them shall run; the others are stopped.</param>
public sealed record DeployTarget(DeployId DeployId, int Units, int Running)
{
    /// <summary>The intention that new units are made with; null where none are to be made.</summary>
    public Intention? Intention { get; init; }

    /// <summary>The units that stop first, when fewer shall run.</summary>
    public ImmutableArray<UnitName> StopFirst { get; init; } = [];

    /// <summary>The deploy's units as the reading shows them on which the decision rests.</summary>
    public ImmutableArray<Unit> Seen { get; init; } = [];
}
