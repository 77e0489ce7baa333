using System.Collections.Immutable;
using Deployster.Domain.Names;

namespace Deployster.Domain.Rollouts;

/// <summary>One thing to do to a deploy. Each can be done twice without harm.</summary>
/// <param name="DeployId">The deploy.</param>
public abstract record RolloutAction(DeployId DeployId);

/// <summary>See to it that a deploy has so many units, and that so many of them run. Which ones, the fleet may choose.</summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Running">How many of them run.</param>
public sealed record KeepUnits(DeployId DeployId, int Units, int Running) : RolloutAction(DeployId)
{
    /// <summary>The units that are to stop, where fewer shall run: a wish. Each is drained first, and may come back.</summary>
    public ImmutableArray<UnitName> StopFirst { get; init; } = [];

    /// <inheritdoc />
    public bool Equals(KeepUnits? other) =>
        other is not null && DeployId == other.DeployId && (Units, Running) == (other.Units, other.Running) && StopFirst.SequenceEqual(other.StopFirst);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(DeployId, Units, Running, StopFirst.Length);
}

/// <summary>Run the release command of a deploy. While it runs, or has run, nothing is done.</summary>
/// <param name="DeployId">The deploy.</param>
public sealed record RunRelease(DeployId DeployId) : RolloutAction(DeployId);

/// <summary>Stop the release command of a deploy.</summary>
/// <param name="DeployId">The deploy.</param>
public sealed record StopRelease(DeployId DeployId) : RolloutAction(DeployId);

/// <summary>Mark units of a deploy: they never come back. Destroys nothing.</summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="Units">The units.</param>
public sealed record MarkGone(DeployId DeployId, ImmutableArray<UnitName> Units) : RolloutAction(DeployId)
{
    /// <inheritdoc />
    public bool Equals(MarkGone? other) => other is not null && DeployId == other.DeployId && Units.SequenceEqual(other.Units);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(DeployId, Units.Length);
}

/// <summary>Drain units of a deploy that are marked, and stop them. Their marks stay to be read.</summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="Units">The units.</param>
public sealed record StopUnits(DeployId DeployId, ImmutableArray<UnitName> Units) : RolloutAction(DeployId)
{
    /// <inheritdoc />
    public bool Equals(StopUnits? other) => other is not null && DeployId == other.DeployId && Units.SequenceEqual(other.Units);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(DeployId, Units.Length);
}

/// <summary>Drain units of a deploy that are marked, stop them and remove them.</summary>
/// <param name="DeployId">The deploy.</param>
/// <param name="Units">The units.</param>
public sealed record DestroyUnits(DeployId DeployId, ImmutableArray<UnitName> Units) : RolloutAction(DeployId)
{
    /// <inheritdoc />
    public bool Equals(DestroyUnits? other) => other is not null && DeployId == other.DeployId && Units.SequenceEqual(other.Units);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(DeployId, Units.Length);
}
