using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>A Deployster that carries the rollout on, by a memory and a clock of its own.</summary>
internal sealed class SimulatedDeployster(int number, Deploy deploy, SimulatedFleet fleet, List<Look> looks)
{
    private TimeSpan _origin;
    private int _life;
    private RolloutMemory? _memory;
    private IReadOnlyList<Unit> _reading = [];

    /// <summary>How it ended for this Deployster; null where it has not, or where it never got to know of it.</summary>
    public RolloutOutcome? Outcome { get; private set; }

    /// <summary>Whether it carries the rollout on.</summary>
    public bool IsWatching => _memory is not null && Outcome is null;

    /// <summary>It begins the rollout itself.</summary>
    public void Begin() => _memory = RolloutMemory.Begin(deploy, TimeSpan.Zero);

    /// <summary>Whether its canary waits for nothing but to be promoted.</summary>
    public bool IsWaiting => _memory is { CanarySince: not null, IsPromoted: false, GivingUp: null };

    /// <summary>It takes up what it finds under way, if it knows of it by the fleet or by its history.</summary>
    public void TakeUp(TimeSpan elapsed, DateTimeOffset wallClock, RolloutMemory? told = null, bool isTold = false)
    {
        // The clock of each life has an origin of its own.
        var before = _origin;
        _origin = TimeSpan.FromSeconds((1000 * number) + (37 * _life)) - elapsed;
        _memory = isTold || UnfinishedRollouts.Find(fleet.Units).Contains(deploy)
            ? RolloutMemory.TakeUp(deploy, _origin + elapsed, wallClock) with
            {
                GivingUp = told?.GivingUp,
                IsPromoted = told?.IsPromoted ?? false,
                CanarySince = told?.CanarySince - before + _origin,
            }
            : null;
    }

    /// <summary>It is stopped and started again.</summary>
    public void Restart(TimeSpan elapsed, DateTimeOffset wallClock, bool isTold)
    {
        _life++;
        fleet.Settle(number, isDone: _life % 2 == 0);
        TakeUp(elapsed, wallClock, isTold ? _memory : null, isTold);
    }

    public void Promote()
    {
        if (IsWaiting)
        {
            _memory = _memory! with { IsPromoted = true };
        }
    }

    public void Cancel()
    {
        if (_memory is { GivingUp: null })
        {
            _memory = _memory with { GivingUp = new GivingUp(DeployStatus.Cancelled, "Cancelled.") };
        }
    }

    public void Read() => _reading = fleet.Units;

    /// <summary>It plans by what it has read, and begins to act.</summary>
    public void Act(TimeSpan elapsed, IReadOnlyList<Luck> lucks)
    {
        if (!IsWatching)
        {
            return;
        }

        var plan = RolloutPlanner.Plan(deploy, _reading, _memory!, _origin + elapsed);
        looks.Add(new Look(number, _life, _reading, _memory!, _origin + elapsed, plan));
        if (plan.Outcome is not null && fleet.IsBusy(number, action => action is KeepUnits))
        {
            // What is still being made would outlive the end.
            return;
        }

        (_memory, Outcome) = (plan.Memory, plan.Outcome);
        for (var i = 0; i < plan.Actions.Length; i++)
        {
            var action = plan.Actions[i];
            if (!fleet.IsBusy(number, other => other.GetType() == action.GetType() && other.DeployId == action.DeployId))
            {
                fleet.Begin(number, action, _reading, lucks[i % lucks.Count]);
            }
        }
    }
}
