using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>A fleet in which units come, live and go, and in which actions may come late, half or not at all.</summary>
internal sealed class SimulatedFleet
{
    private const int Lateness = 3;

    private readonly Trial _trial;
    private readonly Rollout _rollout;
    private readonly SortedDictionary<string, SimulatedUnit> _units = new(StringComparer.Ordinal);
    private readonly List<(int Due, RolloutAction Action)> _late = [];
    private List<UnitState> _lingering = [];
    private int _second;

    public SimulatedFleet(Trial trial, Rollout rollout, IEnumerable<UnitName> running, IEnumerable<FleetUnit> foreign)
    {
        _trial = trial;
        _rollout = rollout;
        foreach (var unit in running)
        {
            _units[unit.ToString()] = Lasting(unit, null);
        }

        foreach (var unit in foreign)
        {
            _units[unit.Name.ToString()] = Lasting(unit.Name, unit.Intention);
        }
    }

    public IReadOnlyList<FleetUnit> Units => [.. _units.Values.Select(unit => unit.Listed)];

    /// <summary>The states, with those of units that are gone from the list and whose process has not ended yet.</summary>
    public IReadOnlyList<UnitState> States =>
        [.. _units.Values.Select(unit => unit.State).OfType<UnitState>(), .. _lingering];

    public bool IsBusy(UnitName unit) => _late.Exists(late => late.Action.Unit == unit);

    public void Tick(int glitch)
    {
        _second++;
        _lingering = [];
        foreach (var (_, action) in _late.Where(late => late.Due <= _second).ToList())
        {
            Do(action, Luck.Done);
        }

        _late.RemoveAll(late => late.Due <= _second);
        foreach (var unit in _units.Values)
        {
            unit.Tick(isIll: glitch > 0 && unit.Listed.Name == new UnitName(_rollout.Deploy, glitch));
        }
    }

    public void Do(RolloutAction action, Luck luck)
    {
        var name = action.Unit.ToString();
        switch (action, luck)
        {
            case (_, Luck.Lost):
                break;
            case (_, Luck.Late):
                _late.Add((_second + Lateness, action));
                break;
            case (LaunchUnit, _):
                _units.TryAdd(name, new SimulatedUnit(
                    action.Unit,
                    _rollout.Intention,
                    _trial.Fates[action.Unit.Instance - 1],
                    _trial.Delay,
                    _trial.CountsRestarts));
                _units[name].Set(luck == Luck.Half ? _units[name].TargetState : TargetState.Launched);
                break;
            case (SetTargetState set, _):
                _units.GetValueOrDefault(name)?.Set(set.TargetState);
                break;
            case (DestroyUnit, _) when _units.Remove(name, out var destroyed):
                _lingering.AddRange(new[] { destroyed.State }.OfType<UnitState>());
                break;
        }
    }

    /// <summary>What Deployster had on its way when it was stopped is done or not, but not later.</summary>
    public void Settle(bool isDone)
    {
        foreach (var (_, action) in _late)
        {
            Do(action, isDone ? Luck.Done : Luck.Lost);
        }

        _late.Clear();
    }

    private static SimulatedUnit Lasting(UnitName name, Intention? intention) =>
        new SimulatedUnit(name, intention, Fate.Good, 0, countsRestarts: true).Running();
}
