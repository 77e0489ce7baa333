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
    private bool _isStopping;
    private bool _isHalted;

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

    private bool IsDown => Wanted == Wanted.Stopped || _isHalted;

    private Phase Phase => IsHalfMade ? Phase.Preparing
        : IsDown ? (_isStopping ? Phase.Stopping : Phase.Stopped)
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
        _age += IsHalfMade || IsDown ? 0 : 1;
        _isStopping = false;
        _isIll = isIll && Phase == Phase.Healthy;
        _restarts += _isIll || Phase == Phase.Restarting ? 1 : 0;
    }

    public void Start()
    {
        _age = Wanted == Wanted.Stopped ? 0 : _age;
        (Wanted, IsHalfMade) = (Wanted == Wanted.Gone ? Wanted.Gone : Wanted.Running, false);
    }

    /// <summary>It ends, which takes a moment.</summary>
    public void Stop()
    {
        _isStopping |= Wanted == Wanted.Running && Phase is not (Phase.Waiting or Phase.Preparing or Phase.Failed);
        Wanted = Wanted == Wanted.Gone ? Wanted.Gone : Wanted.Stopped;
    }

    /// <summary>It is marked. Some fleets stop it with that.</summary>
    public void MarkGone(bool stops)
    {
        if (stops)
        {
            Halt();
        }

        _isHalted |= Wanted == Wanted.Stopped;
        (Wanted, IsHalfMade) = (Wanted.Gone, false);
    }

    /// <summary>It ends although it stays marked.</summary>
    public void Halt()
    {
        _isStopping |= !IsDown && Phase is not (Phase.Waiting or Phase.Preparing or Phase.Failed);
        _isHalted = true;
    }

    /// <summary>It is made and does not run.</summary>
    public SimulatedUnit Made()
    {
        Wanted = Wanted.Stopped;
        return this;
    }

    public void FinishMaking() => IsHalfMade = false;

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
