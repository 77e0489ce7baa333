using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tests.Rollouts.Simulation;
using Deployster.Domain.Units;
using FluentAssertions;
using FsCheck;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>What holds of every rollout with a strategy, whatever happens to it.</summary>
internal sealed class StrategyPropertyTests
{
    [Test]
    public void Plan_OfAnyStrategy_LeavesAsManyServingAsMaxUnavailableAllows() => Hold(StrategyTrial.Any, rollout =>
        rollout.Looks.Select(look => FindTooFewServing(rollout, look)).FirstOrDefault(violation => violation is not null));

    [Test]
    public void Plan_OfAnyStrategy_LaunchesNoMoreThanMaxSurgeAllows() => Hold(StrategyTrial.Any, rollout =>
        rollout.Looks.Select(look => FindTooManyRunning(rollout, look)).FirstOrDefault(violation => violation is not null));

    [Test]
    public void Fleet_WhileItDoesAsItIsTold_ServesAndRunsWithinTheLimits() => Hold(StrategyTrial.Steady, rollout =>
    {
        var numbers = rollout.Numbers;
        return numbers.FewestServing < Math.Min(LeastOf(rollout), rollout.Trial.OldCount) ? $"{numbers.FewestServing} served."
            : numbers.MostRunning > MostOf(rollout) ? $"{numbers.MostRunning} ran."
            : null;
    });

    [Test]
    public void Plan_WhereNothingMaySurgeOrHasToServe_NeverRunsUnitsOfBothSets() => Hold(StrategyTrial.Steady, rollout =>
        (SurgeOf(rollout), LeastOf(rollout)) == (0, 0)
        && rollout.Looks.Any(look => look.Units.Any(unit => IsOwn(rollout, unit) && RolloutPicture.Occupies(unit))
            && look.Units.Any(unit => rollout.Deploy.IsReplaced(unit) && RolloutPicture.Occupies(unit)))
            ? "Units of both sets ran."
            : null);

    [Test]
    public void Plan_OfAnyStrategy_MarksAndDestroysNothingOldBeforeTheNewSetIsHealthy() => Hold(StrategyTrial.Any, rollout =>
    {
        foreach (var life in rollout.Looks.GroupBy(look => look.Life))
        {
            var health = new ObservedHealth(rollout.Deploy);
            foreach (var look in life)
            {
                health.Observe(look);
                if (look.Plan.Actions.Any(action => action is MarkGone or DestroyUnits && action.DeployId != rollout.Deploy.Id) && !health.IsSetHealthy(look.Now))
                {
                    return $"At {look.Now.TotalSeconds} the old set was touched.";
                }
            }
        }

        return null;
    });

    [Test]
    public void Plan_OfAnyStrategy_StopsAndDestroysNothingOfItsOwnThatIsNotMarked() => Hold(StrategyTrial.Any, rollout =>
        rollout.Looks.Any(look => look.Plan.Actions.SelectMany(Leaving).Any(name => !look.Units.Any(unit => unit.Name == name && unit.IsGone)))
            ? "A unit was stopped or destroyed before it was marked."
            : null);

    [Test]
    public void Plan_OfAnyStrategy_DestroysNoUnitOfItsOwnWhileOneThatItReplacesIsStopped() => Hold(StrategyTrial.Any, rollout =>
        rollout.Looks.Any(look => look.Plan.Actions.OfType<DestroyUnits>().Any(destroy => destroy.DeployId == rollout.Deploy.Id)
            && look.Units.Any(unit => rollout.Deploy.IsReplaced(unit) && unit.Wanted == Wanted.Stopped))
            ? "Nobody would have known that the old set has to come back."
            : null);

    [Test]
    public void Plan_OfAnyStrategy_EndsWithTheWholeNewSetOrTheWholeOldOneRunning()
    {
        var endings = new Dictionary<string, int>();
        Hold(StrategyTrial.Any, rollout =>
        {
            var ending = rollout.WaitsForEver ? "Waits" : rollout.Outcome?.Status.ToString() ?? "Unknown to all";
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
            return FindWrongEnding(rollout);
        });

        TestContext.Out.WriteLine(string.Join(", ", endings.OrderBy(ending => ending.Key).Select(ending => $"{ending.Key}: {ending.Value}")));
        endings["Succeeded"].Should().BeGreaterThan(300);
        endings["RolledBack"].Should().BeGreaterThan(150);
        endings["Cancelled"].Should().BeGreaterThan(10);
        endings["Waits"].Should().BeGreaterThan(10);
    }

    [Test]
    public void Plan_ByTwoDeploysters_EndsWithTheWholeNewSetOrTheWholeOldOneRunning() => Hold(StrategyTrial.OfTwoDeploysters, FindWrongEnding);

    [Test]
    public void Plan_OfAnyCanary_ChangesNothingByItselfUntilItIsPromoted() => Hold(StrategyTrial.Any, rollout =>
    {
        if (rollout.Deploy.CanaryCount is not { } count)
        {
            return null;
        }

        foreach (var look in rollout.Looks)
        {
            var isMore = look.Units.Count(unit => IsOwn(rollout, unit) && !unit.IsGone) > count;
            var (before, after) = (look.Seen, look.Plan.Memory);
            var isTime = look.Now - after.CanarySince >= rollout.Trial.Strategy!.CanaryTime;
            if (after.IsPromoted && !before.IsPromoted && !isMore && !isTime)
            {
                return "It promoted itself.";
            }

            if (!after.IsPromoted && after.GivingUp is null && !HasSucceeded(rollout, look) && look.Plan.Actions.Any(action =>
                action.DeployId == rollout.Deploy.Id ? action is not KeepUnits keep || keep.Units > count : action is not KeepUnits))
            {
                return $"At {look.Now.TotalSeconds} it went on.";
            }
        }

        return null;
    });

    [Test]
    public void Plan_OfAnyStrategy_KeepsNumbersThatAreThere() => Hold(StrategyTrial.Any, rollout =>
        rollout.Looks.SelectMany(look => look.Plan.Actions.OfType<KeepUnits>()).All(keep =>
            keep.Running >= 0 && keep.Running <= keep.Units
            && (keep.DeployId == rollout.Deploy.Id ? keep.Units <= rollout.Trial.Fates.Length : keep.Units == rollout.Trial.OldCount))
            ? null
            : "There were to be more units than there are.");

    private static void Hold(Gen<Trial> trials, Func<SimulatedRollout, string?> findViolation) =>
        Properties.Check(trials, trial =>
        {
            var rollout = SimulatedRollout.Run(trial);
            if (findViolation(rollout) is { } violation)
            {
                throw new InvalidOperationException($"{violation}\n{rollout}");
            }
        });

    private static bool IsOwn(SimulatedRollout rollout, Unit unit) => unit.Name.DeployId == rollout.Deploy.Id;

    // Whoever has lost the history knows by the mark that it went on.
    private static bool HasSucceeded(SimulatedRollout rollout, Look look) =>
        look.Seen.SucceedingSince is not null || look.Units.Any(unit => rollout.Deploy.IsReplaced(unit) && unit.IsGone);

    private static int LeastOf(SimulatedRollout rollout) =>
        Math.Max(0, rollout.Trial.Fates.Length - rollout.Trial.Strategy!.MaxUnavailable.RoundedDown(rollout.Trial.Fates.Length));

    private static int MostOf(SimulatedRollout rollout) =>
        Math.Max(rollout.Trial.Fates.Length, rollout.Trial.OldCount) + SurgeOf(rollout);

    private static int SurgeOf(SimulatedRollout rollout) => rollout.Trial.Strategy!.MaxSurge.RoundedUp(rollout.Trial.Fates.Length);

    // The whole of what a plan takes away, as if nothing that it brings came.
    private static string? FindTooFewServing(SimulatedRollout rollout, Look look)
    {
        if (IsLate(rollout, look))
        {
            return null;
        }

        var taken = look.Plan.Actions.SelectMany(action => action switch
        {
            KeepUnits keep => keep.StopFirst,
            MarkGone mark => mark.Units,
            _ => Enumerable.Empty<UnitName>(),
        }).ToHashSet();
        var own = look.Units.Where(unit => IsOwn(rollout, unit)).ToList();
        var old = look.Units.Where(rollout.Deploy.IsReplaced).ToList();
        List<Unit> Left(List<Unit> units) => [.. units.Select(unit => taken.Contains(unit.Name) ? unit with { Wanted = Wanted.Gone } : unit)];
        var before = ObservedNumbers.CountServing(rollout.Deploy, own, old);
        var after = ObservedNumbers.CountServing(rollout.Deploy, Left(own), Left(old));
        return after < Math.Min(before, Math.Min(LeastOf(rollout), rollout.Trial.OldCount)) ? $"At {look.Now.TotalSeconds} only {after} of {before} were left." : null;
    }

    private static string? FindTooManyRunning(SimulatedRollout rollout, Look look)
    {
        var running = look.Units.Count(unit => (IsOwn(rollout, unit) || rollout.Deploy.IsReplaced(unit)) && RolloutPicture.Occupies(unit));
        var more = look.Plan.Actions.OfType<KeepUnits>().Sum(keep =>
            Math.Max(0, keep.Running - look.Units.Count(unit => unit.Name.DeployId == keep.DeployId && unit.IsWanted)));

        // An old unit that is just ending and starts again is no unit more: without new ones, there are never too many.
        var hasNew = look.Units.Any(unit => IsOwn(rollout, unit) && RolloutPicture.Occupies(unit))
            || look.Plan.Actions.OfType<KeepUnits>().Any(keep => keep.DeployId == rollout.Deploy.Id && keep.Running > 0);
        var hasLimits = !IsLate(rollout, look) && look.Plan.Memory.SucceedingSince is null;
        return hasNew && hasLimits && more > 0 && running + more > MostOf(rollout)
            ? $"At {look.Now.TotalSeconds} {running} ran and {more} were launched."
            : null;
    }

    // What cannot be given up within the limits is given up without.
    private static bool IsLate(SimulatedRollout rollout, Look look) => look.Now - look.Seen.GivingUpSince > rollout.Deploy.Intention.Spec.Deadline;

    private static IEnumerable<UnitName> Leaving(RolloutAction action) => action switch
    {
        StopUnits stop => stop.Units,
        DestroyUnits destroy => destroy.Units,
        _ => Enumerable.Empty<UnitName>(),
    };

    private static string? FindWrongEnding(SimulatedRollout rollout)
    {
        var (own, old) = (rollout.Own, rollout.Replaced);

        // Two Deploysters may have made more than there are to be, by readings of different moments.
        bool IsAll(int count, int wanted) => rollout.Trial.Deploysters == 1 ? count == wanted : count >= wanted;
        var isAllNew = IsAll(own.Count(unit => unit.IsWanted), rollout.Trial.Fates.Length);
        var isAllOld = IsAll(old.Count(unit => unit.IsWanted), rollout.Trial.OldCount);
        return rollout.WaitsForEver ? null
            : !rollout.HasEnded ? "It did not end."
            : rollout.Outcome?.Status switch
            {
                DeployStatus.Succeeded => isAllNew && old.Count == 0 ? null : "It succeeded by halves.",
                DeployStatus.RolledBack or DeployStatus.Cancelled => isAllOld && own.Count == 0 ? null : "It was given up by halves.",

                // A unit may have vanished just before everybody forgot the rollout; none was left stopped.
                null => (own.Count == 0 && old.All(unit => unit.IsWanted)) || old.Count == 0 ? null : "It was left by halves.",
                DeployStatus.Failed => rollout.Trial.IsGood && old.Count > 0 ? "It failed with all units well." : null,
                var status => $"It ended as {status}.",
            };
    }
}
