using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Domain.Tests.Rollouts.Simulation;

/// <summary>A unit that goes through the phases that a fleet shows of one with its fate.</summary>
internal sealed class SimulatedUnit(UnitName name, Intention? intention, Fate fate, int delay, bool countsRestarts)
{
    private const int LivesFor = 3;

    private int _age;
    private int _restarts;
    private bool _isIll;

    public UnitName Name => name;

    public Wanted Wanted { get; private set; } = Wanted.Running;

    /// <summary>Whether it was made and something went wrong before it started: it waits to be asked for again.</summary>
    public bool IsHalfMade { get; private set; }

    public Unit Shown => new(name, Wanted, Phase)
    {
        MachineId = Phase == Phase.Waiting ? null : "machine",
        Restarts = countsRestarts ? _restarts : null,
        Intention = intention,
    };

    private Phase Phase => Wanted == Wanted.Stopped ? Phase.Stopped
        : IsHalfMade ? Phase.Preparing
        : fate == Fate.NoMachine ? Phase.Waiting
        : _isIll ? Phase.Running
        : (_age, fate, _age - delay) switch
        {
            (0, _, _) => Phase.Waiting,
            (1, _, _) => Phase.Preparing,
            (_, Fate.CrashLoops, _) => _age % 4 == 0 ? Phase.Restarting : Phase.Starting,
            (_, Fate.NeverHealthy, _) or (_, _, < 0) => Phase.Starting,
            (_, Fate.Fails, _) or (_, Fate.DiesLater, >= LivesFor) => Phase.Failed,
            (_, Fate.Flaps, 2) => Phase.Restarting,
            (_, Fate.Flaps, 3) => Phase.Starting,
            _ => Phase.Healthy,
        };

    /// <summary>A second goes by. A unit that is ill shows it until the next.</summary>
    public void Tick(bool isIll)
    {
        _age += IsHalfMade || Wanted == Wanted.Stopped ? 0 : 1;
        _isIll = isIll && Phase == Phase.Healthy;
        _restarts += _isIll || Phase == Phase.Restarting ? 1 : 0;
    }

    public void Start()
    {
        _age = Wanted == Wanted.Stopped ? 0 : _age;
        (Wanted, IsHalfMade) = (Wanted == Wanted.Gone ? Wanted.Gone : Wanted.Running, false);
    }

    public void Stop() => Wanted = Wanted == Wanted.Gone ? Wanted.Gone : Wanted.Stopped;

    public void MarkGone() => Wanted = Wanted.Gone;

    /// <summary>It is made by halves.</summary>
    public SimulatedUnit HalfMade()
    {
        IsHalfMade = true;
        return this;
    }

    /// <summary>It has run for long.</summary>
    public SimulatedUnit Running()
    {
        _age = 1000;
        return this;
    }
}
