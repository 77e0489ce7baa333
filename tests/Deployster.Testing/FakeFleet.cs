using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Testing;

/// <summary>A fleet in memory. Its units are healthy as soon as they are launched, unless a test wants it otherwise.</summary>
public sealed class FakeFleet : IFleetClient
{
    private readonly ConcurrentDictionary<UnitName, FleetUnit> _units = new();
    private readonly ConcurrentDictionary<UnitName, UnitState> _states = new();

    /// <inheritdoc />
    public string Kind => "fake";

    /// <summary>While it is away it answers nothing.</summary>
    public bool IsAway { get; set; }

    /// <summary>What becomes of a launched unit; null for no state at all.</summary>
    public Func<UnitName, (string Active, string Sub)?> Becomes { get; set; } = _ => ("active", "running");

    /// <summary>What happens before each launch: it may wait, or throw.</summary>
    public Func<UnitName, Task> BeforeLaunch { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens before each destroying: it may wait, or throw.</summary>
    public Func<UnitName, Task> BeforeDestroy { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens before the units are listed: it may wait, or throw.</summary>
    public Func<Task> BeforeList { get; set; } = () => Task.CompletedTask;

    /// <summary>What the fleet cannot take.</summary>
    public SpecRefusedException? Refusal { get; set; }

    /// <summary>What units have written.</summary>
    public Func<UnitName, int, IReadOnlyList<string>> LastLines { get; set; } = (_, _) => [];

    /// <summary>Everything that was done, in order: <c>launch</c>, <c>set inactive</c> or <c>destroy</c>, and the unit.</summary>
    public ConcurrentQueue<(string What, UnitName Unit)> Done { get; } = new();

    /// <summary>How often the units were listed.</summary>
    public int UnitLists { get; private set; }

    /// <summary>How often the states were listed.</summary>
    public int StateLists { get; private set; }

    /// <summary>The units that there are.</summary>
    public IEnumerable<UnitName> Names => _units.Keys.OrderBy(name => name.ToString(), StringComparer.Ordinal);

    /// <summary>A unit that must be there.</summary>
    public FleetUnit this[UnitName name] => _units[name];

    /// <summary>Puts a unit there as if it had always been.</summary>
    public void Put(UnitName name, Intention? intention, string active = "active", string sub = "running")
    {
        _units[name] = new FleetUnit(name, TargetState.Launched, TargetState.Launched, "m1", intention);
        SetState(name, active, sub);
    }

    /// <summary>Takes a unit away as if somebody else had destroyed it.</summary>
    public void Take(UnitName name)
    {
        _units.TryRemove(name, out _);
        _states.TryRemove(name, out _);
    }

    /// <summary>Lets a unit be in a state.</summary>
    public void SetState(UnitName name, string active, string sub, string? detail = null, int? restarts = null) =>
        _states[name] = new UnitState(name, "m1", "loaded", active, sub) { Detail = detail, Restarts = restarts };

    /// <summary>Makes all units of a version healthy.</summary>
    public void Heal(string version)
    {
        foreach (var name in _units.Keys.Where(name => name.Deploy.Version.Value == version))
        {
            SetState(name, "active", "running");
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<FleetUnit>> ListUnitsAsync(CancellationToken cancellationToken)
    {
        UnitLists++;
        EnsureThere();
        IReadOnlyList<FleetUnit> units = [.. _units.Values];
        await BeforeList();
        return units;
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<UnitState>> ListUnitStatesAsync(CancellationToken cancellationToken)
    {
        StateLists++;
        EnsureThere();
        return Task.FromResult<IReadOnlyList<UnitState>>([.. _states.Values]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<Machine>>([new Machine("m1", "127.0.0.1")]);
    }

    /// <inheritdoc />
    public async Task LaunchUnitAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        await BeforeLaunch(definition.Name);
        EnsureThere();
        Done.Enqueue(("launch", definition.Name));
        if (_units.TryAdd(definition.Name, new FleetUnit(
                definition.Name, TargetState.Launched, TargetState.Launched, "m1", definition.Intention))
            && Becomes(definition.Name) is (var active, var sub))
        {
            SetState(definition.Name, active, sub);
        }
    }

    /// <inheritdoc />
    public Task SetTargetStateAsync(UnitName unit, TargetState targetState, CancellationToken cancellationToken)
    {
        EnsureThere();
        Done.Enqueue(($"set {targetState.ToString().ToLowerInvariant()}", unit));
        if (_units.TryGetValue(unit, out var known))
        {
            _units[unit] = known with { TargetState = targetState };
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task DestroyUnitAsync(UnitName unit, CancellationToken cancellationToken)
    {
        await BeforeDestroy(unit);
        EnsureThere();
        Done.Enqueue(("destroy", unit));
        Take(unit);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ReadLastLinesAsync(UnitName unit, int count, CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult(LastLines(unit, count));
    }

    /// <inheritdoc />
    public IReadOnlyList<UnitOption> Describe(UnitDefinition definition) =>
        Refusal is null ? IntentionOptions.Write(definition.Intention) : throw Refusal;

    private void EnsureThere()
    {
        if (IsAway)
        {
            throw new FleetUnavailableException("unix:///run/fleet.sock", "Connection refused");
        }
    }
}
