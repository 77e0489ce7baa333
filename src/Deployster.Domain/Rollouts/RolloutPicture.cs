using System.Collections.Immutable;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Rollouts;

/// <summary>The part of a fleet that matters to one rollout, and the decisions that are marked in it.</summary>
public sealed class RolloutPicture
{
    private RolloutPicture(Deploy deploy, ImmutableArray<Unit> own, ImmutableArray<Unit> replaced)
    {
        (Deploy, Own, Replaced) = (deploy, own, replaced);
        Kept = [.. own.Where(unit => !unit.IsGone)];
        KeptReplaced = [.. replaced.Where(unit => !unit.IsGone)];
    }

    /// <summary>The deploy.</summary>
    public Deploy Deploy { get; }

    /// <summary>The deploy's units, in the order of their instances.</summary>
    public ImmutableArray<Unit> Own { get; }

    /// <summary>Those of them that are not marked to go.</summary>
    public ImmutableArray<Unit> Kept { get; }

    /// <summary>The units that the deploy replaces.</summary>
    public ImmutableArray<Unit> Replaced { get; }

    /// <summary>Those of them that are not marked to go.</summary>
    public ImmutableArray<Unit> KeptReplaced { get; }

    /// <summary>The mark that the deploy is given up: a unit of it is wanted gone.</summary>
    public bool IsMarkedGivenUp => Kept.Length < Own.Length;

    /// <summary>
    /// The mark that the deploy has succeeded: a unit that it replaces is wanted gone. One that was marked before the
    /// deploy was asked for is none: then all that were counted are still there without a mark.
    /// </summary>
    public bool IsMarkedSucceeded => Replaced.Any(unit => unit.IsGone
        && KeptReplaced.Count(kept => kept.Name.DeployId == unit.Name.DeployId) < Deploy.ReplacedCountOf(unit.Name.DeployId));

    /// <summary>
    /// Nothing is left of what the deploy was to replace: another Deployster has carried its success through, or somebody
    /// has removed it. Then the deploy's own units are all that the service has.
    /// </summary>
    public bool HasLostReplaced => Replaced.IsEmpty && Deploy.Intention.ReplacedUnitCount > 0;

    /// <summary>The names that units get which are missing of so many: the lowest numbers that are free.</summary>
    public IEnumerable<UnitName> MissingOf(int count) =>
        Enumerable.Range(1, int.MaxValue)
            .Where(instance => Own.All(unit => unit.Name.Instance != instance))
            .Take(Math.Max(0, count - Kept.Length))
            .Select(instance => new UnitName(Deploy.Id, instance));

    /// <summary>Whether a unit's process runs, or is about to.</summary>
    public static bool Occupies(Unit unit) =>
        unit.IsWanted || unit.Phase is not (Phase.Waiting or Phase.Preparing or Phase.Stopped or Phase.Failed);

    /// <summary>The picture of a deploy in a fleet's units, or at least those of its service.</summary>
    public static RolloutPicture Of(Deploy deploy, IReadOnlyCollection<Unit> units) => new(
        deploy,
        [.. units.Where(unit => unit.Name.DeployId == deploy.Id).OrderBy(unit => unit.Name.Instance)],
        [.. units.Where(deploy.IsReplaced).OrderBy(unit => unit.Name.ToString(), StringComparer.Ordinal)]);
}
