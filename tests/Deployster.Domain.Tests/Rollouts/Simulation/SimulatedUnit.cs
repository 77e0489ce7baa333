using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>A unit that goes through the states that a fleet shows of one with its fate.</summary>
internal sealed class SimulatedUnit(UnitName name, Intention? intention, Fate fate, int delay, bool countsRestarts)
{
    private const int LivesFor = 3;

    private int _age;
    private int _restarts;
    private bool _isIll;

    public TargetState TargetState { get; private set; } = TargetState.Inactive;

    public FleetUnit Listed => new(name, TargetState, TargetState, Words is null ? null : "machine", intention);

    public UnitState? State => Words?.Split('/') is [var active, var sub]
        ? new UnitState(name, "machine", "loaded", active, sub) { Restarts = countsRestarts ? _restarts : null }
        : null;

    private string? Words => TargetState != TargetState.Launched || fate == Fate.NoMachine
        ? null
        : _isIll ? "activating/start-post" : (_age, fate, _age - delay) switch
        {
            (0, _, _) => null,
            (1, _, _) => "inactive/dead",
            (_, Fate.CrashLoops, _) => _age % 4 == 0 ? "activating/auto-restart" : "activating/start-post",
            (_, Fate.NeverHealthy, _) or (_, _, < 0) => "activating/start-post",
            (_, Fate.Fails, _) or (_, Fate.DiesLater, >= LivesFor) => "failed/failed",
            (_, Fate.Flaps, 2) => "activating/auto-restart",
            (_, Fate.Flaps, 3) => "activating/start-post",
            _ => "active/running",
        };

    /// <summary>A second goes by. A unit that is ill shows it until the next.</summary>
    public void Tick(bool isIll)
    {
        _age += TargetState == TargetState.Launched ? 1 : 0;
        _isIll = isIll && State is { IsHealthy: true };
        _restarts += _isIll || State is { IsRestarting: true } ? 1 : 0;
    }

    public void Set(TargetState target)
    {
        _age = TargetState == target ? _age : 0;
        TargetState = target;
    }

    /// <summary>It has run for long.</summary>
    public SimulatedUnit Running()
    {
        Set(TargetState.Launched);
        _age = 1000;
        return this;
    }
}
