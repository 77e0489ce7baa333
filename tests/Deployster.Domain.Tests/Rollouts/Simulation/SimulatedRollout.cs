using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>Runs a trial: all its steps, and then calm until the rollout ends.</summary>
internal sealed class SimulatedRollout
{
    private static readonly DateTimeOffset s_start = new(2015, 3, 2, 0, 31, 45, TimeSpan.Zero);
    private static readonly ServiceName s_service = ServiceName.Parse("railsapp");
    private static readonly DeployId s_old = new(s_service, VersionTag.Parse("old"), DeployTimestamp.At(s_start.AddDays(-1)));

    private readonly SimulatedFleet _fleet;
    private readonly List<Look> _looks = [];
    private RolloutMemory _memory;
    private DateTimeOffset _now = s_start;
    private int _watcher;

    private SimulatedRollout(Trial trial)
    {
        Trial = trial;
        Rollout = new Rollout(
            new DeployId(s_service, VersionTag.Parse("new"), DeployTimestamp.At(s_start)),
            new Intention
            {
                Image = "mycompany/railsapp:new",
                RequestedAt = s_start,
                DestroyPrevious = trial.DestroyPrevious,
                Replaces = trial.OldCount > 0 ? [new ReplacedDeploy(s_old.Version, s_old.Timestamp, trial.OldCount)] : [],
                Spec = new DeploySpec
                {
                    InstanceCount = trial.Fates.Length,
                    MinHealthy = trial.MinHealthy,
                    Deadline = trial.Deadline,
                },
            });
        var later = Rollout.Intention with { RequestedAt = s_start.AddSeconds(1), Replaces = [] };
        Foreign =
        [
            new UnitName(s_old, 9),
            new UnitName(s_old with { Version = VersionTag.Parse("beside") }, 1),
            new UnitName(s_old with { Service = ServiceName.Parse("other") }, 1),
            new UnitName(Rollout.Deploy with { Service = ServiceName.Parse("other") }, 1),
        ];
        _memory = RolloutMemory.BeginToLaunch(Rollout, _now);
        _fleet = new SimulatedFleet(
            trial,
            Rollout,
            Enumerable.Range(1, trial.OldCount).Select(instance => new UnitName(s_old, instance)),
            Foreign.Select(unit => new FleetUnit(unit, TargetState.Launched, TargetState.Launched, "machine", later)));
    }

    public Trial Trial { get; }

    public Rollout Rollout { get; }

    /// <summary>Units that are none of the rollout's business, however much they look like it.</summary>
    public IReadOnlyList<UnitName> Foreign { get; }

    public IReadOnlyList<Look> Looks => _looks;

    /// <summary>How it ended; null where nobody knows of it any more, as the fleet does not tell of it and the history is lost.</summary>
    public RolloutOutcome? Outcome { get; private set; }

    public bool HasEnded { get; private set; }

    public IReadOnlyList<FleetUnit> Units => _fleet.Units;

    public IReadOnlyList<FleetUnit> Own => [.. Units.Where(unit => unit.Name.Deploy == Rollout.Deploy)];

    public IReadOnlyList<FleetUnit> Replaced => [.. Units.Where(Rollout.IsReplaced)];

    // Once all is calm: to become healthy or to give up takes a deadline, and to be ill after success another.
    private int MostCalmSteps => (2 * (int)(Trial.Deadline + Trial.MinHealthy).TotalSeconds) + 60;

    public static SimulatedRollout Run(Trial trial)
    {
        var rollout = new SimulatedRollout(trial);
        foreach (var step in trial.Steps.Concat(Enumerable.Repeat(Step.Calm, rollout.MostCalmSteps)))
        {
            rollout.Take(step);
            if (rollout.HasEnded)
            {
                break;
            }
        }

        return rollout;
    }

    public override string ToString() =>
        $"{Trial}\n{string.Join('\n', _looks.Select(look => $"{look.Now:T} {look.Watcher} "
            + $"[{string.Join(' ', look.Units.Where(unit => unit.Name.Deploy.Service == s_service).Select(unit => $"{unit.Name.Deploy.Version}{unit.Name.Instance}:{unit.TargetState}"))}] "
            + $"[{string.Join(' ', look.States.Where(state => state.Name.Deploy == Rollout.Deploy).Select(state => $"{state.Name.Instance}:{state.Words}"))}] "
            + $"{string.Join(' ', look.Plan.Actions.Select(action => $"{action.GetType().Name} {action.Unit.Deploy.Version}{action.Unit.Instance}"))} {look.Plan.Outcome}"))}";

    private void Take(Step step)
    {
        _fleet.Tick(step.Glitch);
        _now = _now.AddSeconds(step.Seconds);
        if (step.Restarts)
        {
            Restart(step.KeepsHistory || Trial.OldCount == 0);
        }

        if (step.Cancels && _memory.GivingUp is null)
        {
            _memory = _memory with { GivingUp = new GivingUp(DeployStatus.Cancelled, "Cancelled.") };
        }

        if (!HasEnded)
        {
            Act(step);
        }
    }

    private void Restart(bool keepsHistory)
    {
        _watcher++;
        _fleet.Settle(isDone: _watcher % 2 == 0);
        _memory = RolloutMemory.Begin(_now) with { GivingUp = keepsHistory ? _memory.GivingUp : null };
        HasEnded = !keepsHistory && UnfinishedRollouts.Find(Units).All(found => found.Deploy != Rollout.Deploy);
    }

    private void Act(Step step)
    {
        var (units, states) = (_fleet.Units, _fleet.States);
        var plan = RolloutPlanner.Plan(Rollout, units, states, _memory, _now);
        _looks.Add(new Look(_watcher, units, states, _memory, _now, plan));
        if (plan.Outcome is not null && Rollout.UnitNames.Any(_fleet.IsBusy))
        {
            return;
        }

        (_memory, Outcome, HasEnded) = (plan.Memory, plan.Outcome, plan.Outcome is not null);
        var lucks = step.Lucks;
        for (var i = 0; i < plan.Actions.Length; i++)
        {
            if (!_fleet.IsBusy(plan.Actions[i].Unit))
            {
                _fleet.Do(plan.Actions[i], lucks[i % lucks.Length]);
            }
        }
    }
}
