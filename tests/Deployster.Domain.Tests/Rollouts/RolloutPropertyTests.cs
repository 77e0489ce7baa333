using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tests.Rollouts.Simulation;
using FluentAssertions;
using FsCheck;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>What holds of every rollout, whatever happens to its units, to the Deploysters that watch it and to the clock.</summary>
internal sealed class RolloutPropertyTests
{
    [Test]
    public void Plan_OfAnyRollout_MarksAndDestroysNothingOldBeforeTheNewSetIsHealthy() => Hold(rollout =>
    {
        foreach (var life in rollout.Looks.GroupBy(look => (look.Deployster, look.Life)))
        {
            var health = new ObservedHealth(rollout.Deploy);
            foreach (var look in life)
            {
                health.Observe(look);
                if (look.Plan.Actions.SelectMany(UnitsOf).Any(unit => unit.DeployId != rollout.Deploy.Id) && !health.IsSetHealthy(look.Now))
                {
                    return $"At {look.Now.TotalSeconds} the old set was touched.";
                }
            }
        }

        return null;
    });

    [Test]
    public void Plan_OfAnyRollout_DestroysNothingThatIsNotMarkedInThePicture() => Hold(rollout =>
        rollout.Looks.Any(look => look.Plan.Actions.OfType<DestroyUnits>().SelectMany(destroy => destroy.Units)
            .Any(destroyed => !look.Units.Any(unit => unit.Name == destroyed && unit.IsGone)))
            ? "A unit was destroyed before it was marked."
            : null);

    [Test]
    public void Plan_OfAnyRollout_MarksASetAndDestroysItInDifferentPlans() => Hold(rollout =>
        rollout.Looks.Any(look => look.Plan.Actions.OfType<MarkGone>().Any() && look.Plan.Actions.OfType<DestroyUnits>().Any())
            ? "A plan marks and destroys."
            : null);

    [Test]
    public void Plan_OfAnyRollout_EndsItOnceFaultsStop() => Hold(rollout => rollout.HasEnded ? null : "It did not end.");

    [Test]
    public void Plan_OfTheSamePictureAndMemory_IsTheSame() => Hold(rollout =>
        rollout.Looks.All(look => AreEqual(
            look.Plan, RolloutPlanner.Plan(rollout.Deploy, [.. look.Units.Reverse()], look.Seen, look.Now)))
            ? null
            : "Two plans differ.");

    [Test]
    public void Plan_OfAnyRollout_EndsWithTheWholeNewSetOrTheWholeOldOne()
    {
        var endings = new Dictionary<string, int>();

        Hold(rollout =>
        {
            var ending = rollout.Outcome?.Status.ToString() ?? "Unknown to all";
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
            return FindWrongEnding(rollout);
        });

        TestContext.Out.WriteLine(string.Join(", ", endings.OrderBy(ending => ending.Key).Select(ending => $"{ending.Key}: {ending.Value}")));
        endings["Succeeded"].Should().BeGreaterThan(300);
        endings["RolledBack"].Should().BeGreaterThan(150);
        endings["Cancelled"].Should().BeGreaterThan(10);
        endings["Failed"].Should().BeGreaterThan(30);
    }

    [Test]
    public void Plan_OfAnyRollout_NamesOnlyItsOwnUnitsAndThoseThatItReplaces() => Hold(rollout =>
    {
        var named = rollout.Looks.SelectMany(look => look.Plan.Actions.SelectMany(UnitsOf)
            .Select(name => look.Units.Single(unit => unit.Name == name)));
        var kept = rollout.Looks.SelectMany(look => look.Plan.Actions.OfType<KeepUnits>()).All(keep =>
            keep.DeployId == rollout.Deploy.Id
                ? keep.Units == rollout.Trial.Fates.Length && keep.Running == keep.Units
                : rollout.Deploy.ReplacedCountOf(keep.DeployId) is > 0 and var count && keep.Units == count && keep.Running == count);
        return !kept
            || named.Any(unit => unit.Name.DeployId != rollout.Deploy.Id && !rollout.Deploy.IsReplaced(unit))
            || rollout.Foreign.Except(rollout.Units.Select(unit => unit.Name)).Any()
                ? "Somebody else's unit was touched."
                : null;
    });

    [Test]
    public void Plan_OfAnyRollout_NeverLosesBothSets() => Hold(FindLoss);

    [Test]
    public void Plan_ByTwoDeploysters_NeverLosesBothSets() => Hold(Trial.OfTwoDeploysters, FindLoss);

    [Test]
    public void Plan_ByTwoDeploysters_EndsWithTheWholeNewSetOrTheWholeOldOne() => Hold(
        Trial.OfTwoDeploysters, rollout => rollout.HasEnded ? FindWrongEnding(rollout) : "It did not end.");

    private static void Hold(Func<SimulatedRollout, string?> findViolation) => Hold(Trial.Any, findViolation);

    private static void Hold(Gen<Trial> trials, Func<SimulatedRollout, string?> findViolation) =>
        Properties.Check(trials, trial =>
        {
            var rollout = SimulatedRollout.Run(trial);
            if (findViolation(rollout) is { } violation)
            {
                throw new InvalidOperationException($"{violation}\n{rollout}");
            }
        });

    private static IEnumerable<UnitName> UnitsOf(RolloutAction action) => action switch
    {
        MarkGone mark => mark.Units,
        DestroyUnits destroy => destroy.Units,
        _ => Enumerable.Empty<UnitName>(),
    };

    // What replaces nothing goes as a whole when it is cancelled.
    private static string? FindLoss(SimulatedRollout rollout) =>
        rollout.AllLostAt is { } second && (rollout.Trial.OldCount > 0 || !rollout.Trial.Steps.Any(step => step.Cancels))
            ? $"After {second} s there was neither an old unit nor a new one."
            : null;

    private static string? FindWrongEnding(SimulatedRollout rollout)
    {
        var trial = rollout.Trial;

        // Two Deploysters may have made more than there are to be, by readings of different moments.
        bool IsAll(int count, int wanted) => trial.Deploysters == 1 ? count == wanted : count >= wanted;
        var isAllNew = IsAll(rollout.Own.Count(unit => unit.IsWanted), trial.Fates.Length);
        var isAllOld = IsAll(rollout.Replaced.Count(unit => unit.IsWanted), trial.OldCount);
        var isNothingNew = rollout.Own.Count == 0;
        var isNothingOld = rollout.Replaced.Count == 0;
        return rollout.Outcome?.Status switch
        {
            DeployStatus.Succeeded => isAllNew && isNothingOld ? null : "It succeeded by halves.",
            DeployStatus.RolledBack or DeployStatus.Cancelled => isAllOld && isNothingNew ? null : "It was given up by halves.",

            // A unit may have vanished just before everybody forgot the rollout.
            null => isNothingNew || isNothingOld ? null : "It was left by halves.",

            // What was there is left. While there is an old set, only units that are ill for good may end it so: they died
            // after it was marked, or two Deploysters have decided differently about them.
            DeployStatus.Failed => trial.IsGood && !isNothingOld ? "It failed with all units well."
                : rollout.Looks[^1].Units.Select(unit => unit.Name).SequenceEqual(rollout.Units.Select(unit => unit.Name)) ? null
                : "It failed and did not leave its units.",
            var status => $"It ended as {status}.",
        };
    }

    private static bool AreEqual(RolloutPlan one, RolloutPlan other) =>
        one.Actions.SequenceEqual(other.Actions)
        && one.Events.SequenceEqual(other.Events)
        && one.Outcome == other.Outcome
        && one.Memory.Instances.SequenceEqual(other.Memory.Instances)
        && one.Memory == other.Memory with { Instances = one.Memory.Instances };
}
