using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Tests.Rollouts.Simulation;
using Deployster.Domain.Units;
using FluentAssertions;
using NUnit.Framework;

namespace Deployster.Domain.Tests.Rollouts;

/// <summary>What holds of every rollout, whatever happens to its units, to Deployster and to the clock.</summary>
internal sealed class RolloutPropertyTests
{
    [Test]
    public void Plan_OfAnyRollout_TouchesNothingOldBeforeTheNewSetIsHealthy() => Hold(rollout =>
    {
        foreach (var watcher in rollout.Looks.GroupBy(look => look.Watcher))
        {
            var health = new ObservedHealth(rollout.Rollout);
            foreach (var look in watcher)
            {
                health.Observe(look);
                if (look.Plan.Actions.Any(action => action.Unit.Deploy != rollout.Rollout.Deploy) && !health.IsSetHealthy(look.Now))
                {
                    return $"At {look.Now:T} the old set was touched.";
                }
            }
        }

        return null;
    });

    [Test]
    public void Plan_OfAnyRollout_DestroysNothingNewUnlessItIsMarkedAndTheOldSetIsWhole() => Hold(rollout =>
        rollout.Looks
            .Where(look => look.Plan.Actions.OfType<DestroyUnit>().Any(destroy => destroy.Unit.Deploy == rollout.Rollout.Deploy))
            .Any(look => look.Units.Any(unit => unit is { TargetState: TargetState.Launched } && unit.Name.Deploy == rollout.Rollout.Deploy)
                || look.Units.Count(rollout.Rollout.IsReplaced) < rollout.Trial.OldCount)
            ? "A new unit was destroyed too early."
            : null);

    [Test]
    public void Plan_OfAnyRollout_EndsItOnceFaultsStop() => Hold(rollout => rollout.HasEnded ? null : "It did not end.");

    [Test]
    public void Plan_OfTheSamePictureAndMemory_IsTheSame() => Hold(rollout =>
        rollout.Looks.All(look => AreEqual(
            look.Plan, RolloutPlanner.Plan(rollout.Rollout, [.. look.Units.Reverse()], [.. look.States.Reverse()], look.Seen, look.Now)))
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
        endings["RolledBack"].Should().BeGreaterThan(200);
        endings["Cancelled"].Should().BeGreaterThan(10);
        endings["Failed"].Should().BeGreaterThan(5);
    }

    [Test]
    public void Plan_OfAnyRollout_NamesOnlyItsOwnUnitsAndThoseThatItReplaces() => Hold(rollout =>
    {
        bool IsOurs(UnitName unit) =>
            (unit.Deploy == rollout.Rollout.Deploy && unit.Instance <= rollout.Trial.Fates.Length)
            || rollout.Looks[0].Units.Any(listed => listed.Name == unit && rollout.Rollout.IsReplaced(listed));

        return rollout.Looks.SelectMany(look => look.Plan.Actions).Any(action => !IsOurs(action.Unit))
            || rollout.Foreign.Except(rollout.Units.Select(unit => unit.Name)).Any()
                ? "Somebody else's unit was touched."
                : null;
    });

    private static void Hold(Func<SimulatedRollout, string?> findViolation) =>
        Properties.Check(Trial.Any, trial =>
        {
            var rollout = SimulatedRollout.Run(trial);
            if (findViolation(rollout) is { } violation)
            {
                throw new InvalidOperationException($"{violation}\n{rollout}");
            }
        });

    private static string? FindWrongEnding(SimulatedRollout rollout)
    {
        var trial = rollout.Trial;
        var isAllNew = rollout.Own.Count(unit => unit.TargetState == TargetState.Launched) == trial.Fates.Length;
        var isAllOld = rollout.Replaced.Count(unit => unit.TargetState == TargetState.Launched) == trial.OldCount;
        var isNothingNew = rollout.Own.Count == 0;
        var isNothingOld = rollout.Replaced.Count == 0;
        return rollout.Outcome?.Status switch
        {
            DeployStatus.Succeeded => isAllNew && isNothingOld ? null : "It succeeded by halves.",
            DeployStatus.RolledBack or DeployStatus.Cancelled => isAllOld && isNothingNew ? null : "It was given up by halves.",
            null => (isAllOld && isNothingNew) || (isNothingOld && !isNothingNew) ? null : "It was left by halves.",

            // With the old set no longer whole, only a unit that dies afterwards for good, or a clock that leaps past
            // the deadline while one is ill, may end it so.
            DeployStatus.Failed when trial.DestroyPrevious =>
                trial.Fates.Contains(Fate.DiesLater) || trial.HasClockLeap ? null : "It failed with the old set no longer whole.",
            DeployStatus.Failed => null,
            var status => $"It ended as {status}.",
        };
    }

    private static bool AreEqual(RolloutPlan one, RolloutPlan other) =>
        one.Actions.SequenceEqual(other.Actions)
        && one.Events.SequenceEqual(other.Events)
        && one.Outcome == other.Outcome
        && one.Memory.Instances.SequenceEqual(other.Memory.Instances)
        && one.Memory == other.Memory with { Instances = one.Memory.Instances };

    /// <summary>Since when one watcher has seen each unit healthy without a break, by its clock.</summary>
    private sealed class ObservedHealth(Rollout rollout)
    {
        private readonly Dictionary<UnitName, DateTimeOffset> _since = [];
        private readonly Dictionary<UnitName, int> _restarts = [];

        public void Observe(Look look)
        {
            foreach (var unit in rollout.UnitNames)
            {
                var state = look.States.SingleOrDefault(state => state.Name == unit);
                var isListed = look.Units.Any(listed => listed.Name == unit && listed.TargetState == TargetState.Launched);
                if (!isListed || state is not { IsHealthy: true })
                {
                    _since.Remove(unit);
                    continue;
                }

                if (state.Restarts > _restarts.GetValueOrDefault(unit))
                {
                    _since.Remove(unit);
                }

                _restarts[unit] = state.Restarts ?? 0;
                var since = _since.GetValueOrDefault(unit, look.Now);
                _since[unit] = since < look.Now ? since : look.Now;
            }
        }

        public bool IsSetHealthy(DateTimeOffset now) => rollout.UnitNames.All(unit =>
            _since.TryGetValue(unit, out var since) && now - since >= rollout.Intention.Spec.MinHealthy);
    }
}
