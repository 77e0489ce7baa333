using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>
/// A fleet in which units come, live and go, and in which actions may come late, half or not at all. It chooses itself
/// which units it makes and stops, keeps what each is wanted to be, and destroys none that is not marked.
/// </summary>
internal sealed class SimulatedFleet(Trial trial, Deploy deploy, Intention oldIntention)
{
    private const int Lateness = 3;

    private readonly SortedDictionary<string, SimulatedUnit> _units = new(StringComparer.Ordinal);
    private readonly List<(int Deployster, int Due, FleetTask Task)> _late = [];
    private int _second;
    private bool _hasBeenHealthy;

    public IReadOnlyList<Unit> Units => [.. _units.Values.Select(unit => unit.Shown)];

    /// <summary>When the old set and the new one were both gone, in seconds; null while that never was.</summary>
    public int? AllLostAt { get; private set; }

    /// <summary>Called whenever something has changed.</summary>
    public Action Changed { get; set; } = () => { };

    public void Add(UnitName name, Intention? intention, bool isMarked = false)
    {
        var unit = new SimulatedUnit(name, intention, Fate.Good, 0, countsRestarts: true).Running();
        if (isMarked)
        {
            unit.MarkGone(trial.MarksStop);
        }

        _units[name.ToString()] = unit;
    }

    /// <summary>Whether something is on its way that a Deployster has begun.</summary>
    public bool IsBusy(int deployster, Func<RolloutAction, bool> isMeant) =>
        _late.Exists(late => late.Deployster == deployster && isMeant(late.Task.Action));

    public void Tick(int glitch)
    {
        _second++;
        foreach (var (_, _, task) in _late.Where(late => late.Due <= _second).ToList())
        {
            Do(task, isHalf: false);
        }

        _late.RemoveAll(late => late.Due <= _second);
        foreach (var unit in _units.Values)
        {
            unit.Tick(isIll: glitch > 0 && unit.Name == new UnitName(deploy.Id, glitch));
        }

        Check();
    }

    public void Begin(int deployster, RolloutAction action, IReadOnlyList<Unit> seen, Luck luck)
    {
        var task = new FleetTask(action, seen);
        if (luck == Luck.Late)
        {
            _late.Add((deployster, _second + Lateness, task));
        }
        else if (luck != Luck.Lost)
        {
            Do(task, luck == Luck.Half);
        }
    }

    /// <summary>What a Deployster had on its way when it was stopped is done or not, but not later.</summary>
    public void Settle(int deployster, bool isDone)
    {
        foreach (var late in _late.Where(late => isDone && late.Deployster == deployster))
        {
            Do(late.Task, isHalf: false);
        }

        _late.RemoveAll(late => late.Deployster == deployster);
    }

    /// <summary>Somebody removes a unit. Never the last of its set: nobody could bring that back.</summary>
    public void Vanish(bool isOld, int which)
    {
        var set = Set(isOld).ToList();
        var unit = set.Count > 1 ? set[which % set.Count] : null;
        if (unit is not null && (unit.Wanted == Wanted.Gone || set.Count(other => other.Wanted != Wanted.Gone) > 1))
        {
            _units.Remove(unit.Name.ToString());
        }

        Check();
    }

    private IEnumerable<SimulatedUnit> Set(bool isOld) => _units.Values.Where(unit =>
        isOld ? deploy.IsReplaced(unit.Shown) : unit.Name.DeployId == deploy.Id);

    private void Do(FleetTask task, bool isHalf)
    {
        switch (task.Action)
        {
            case KeepUnits keep:
                Keep(keep, task.Seen, isHalf);
                break;
            case MarkGone mark:
                foreach (var unit in Half(mark.Units, isHalf))
                {
                    _units.GetValueOrDefault(unit.ToString())?.MarkGone(trial.MarksStop);
                }

                break;
            case StopUnits stop:
                foreach (var unit in Half(stop.Units, isHalf).Where(unit => _units.GetValueOrDefault(unit.ToString())?.Wanted == Wanted.Gone))
                {
                    _units[unit.ToString()].Halt();
                }

                break;
            case DestroyUnits destroy:
                foreach (var unit in Half(destroy.Units, isHalf).Where(unit => _units.GetValueOrDefault(unit.ToString())?.Wanted == Wanted.Gone))
                {
                    _units.Remove(unit.ToString());
                }

                break;
        }

        Check();
    }

    private void Keep(KeepUnits keep, IReadOnlyList<Unit> seen, bool isHalf)
    {
        // One kind of fleet is told of each unit by itself, by what was read before; the other counts for itself.
        var basis = trial.IsToldOfEachUnit ? seen : Units;
        var kept = basis.Where(unit => unit.Name.DeployId == keep.DeployId && !unit.IsGone).ToList();
        var numbers = Enumerable.Range(trial.IsToldOfEachUnit ? 1 : 1 + (_second % 3), 1000)
            .Where(instance => basis.All(unit => unit.Name != new UnitName(keep.DeployId, instance)))
            .Take(Math.Max(0, keep.Units - kept.Count))
            .ToList();
        var running = kept.Where(unit => unit.IsWanted).ToList();
        var missing = Math.Max(0, keep.Running - running.Count);
        foreach (var (index, instance) in Half(numbers, isHalf).Index())
        {
            var name = new UnitName(keep.DeployId, instance);
            var unit = index < missing ? Make(name) : Make(name).Made();
            _units.TryAdd(name.ToString(), isHalf ? unit.HalfMade() : unit);
        }

        foreach (var unit in kept)
        {
            _units.GetValueOrDefault(unit.Name.ToString())?.FinishMaking();
        }

        foreach (var unit in kept.Where(unit => !unit.IsWanted).Take(missing - numbers.Count).Concat(running))
        {
            _units.GetValueOrDefault(unit.Name.ToString())?.Start();
        }

        var stopped = running.OrderBy(unit => trial.IsToldOfEachUnit && !keep.StopFirst.Contains(unit.Name)).Take(running.Count - keep.Running);
        foreach (var unit in Half([.. stopped], isHalf))
        {
            _units.GetValueOrDefault(unit.Name.ToString())?.Stop();
        }
    }

    private SimulatedUnit Make(UnitName name) => name.DeployId == deploy.Id
        ? new SimulatedUnit(
            name, deploy.Intention, trial.Fates[(name.Instance - 1) % trial.Fates.Length], trial.Delay, trial.CountsRestarts)
        : new SimulatedUnit(name, oldIntention, Fate.Good, trial.Delay, trial.CountsRestarts);

    private void Check()
    {
        Changed();
        _hasBeenHealthy |= Set(isOld: false).Count(unit => unit.Shown.IsHealthy) >= trial.Fates.Length;
        if ((_hasBeenHealthy || trial.OldCount > 0) && !Set(isOld: true).Any() && !Set(isOld: false).Any())
        {
            AllLostAt ??= _second;
        }
    }

    private static IEnumerable<T> Half<T>(IReadOnlyCollection<T> whole, bool isHalf) => isHalf ? whole.Take(1) : whole;

    private sealed record FleetTask(RolloutAction Action, IReadOnlyList<Unit> Seen);
}
