using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Testing;

/// <summary>A fleet in memory. Its units are healthy as soon as they are launched, unless a test wants it otherwise.</summary>
public sealed class InMemoryFleet : IFleetClient
{
    private readonly InMemoryUnits _units = new();
    private int _reads;

    /// <inheritdoc />
    public FleetTraits Traits { get; set; } = new("fake") { ChecksHealth = true, KeepsLogs = true, Restarts = true, KeepsStarting = true };

    /// <summary>While it is away it answers nothing.</summary>
    public bool IsAway { get; set; }

    /// <summary>While it does, it takes what is to be made and makes nothing.</summary>
    public bool MakesNothing { get; set; }

    /// <summary>What becomes of a unit that is launched or started; null: it waits, and is on no machine.</summary>
    public Func<UnitName, (Phase Phase, string? Detail)?> Becomes { get; set; } = _ => (Phase.Healthy, null);

    /// <summary>What happens before each launch: it may wait, or throw.</summary>
    public Func<UnitName, Task> BeforeLaunch { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens before each destroying: it may wait, or throw.</summary>
    public Func<UnitName, Task> BeforeDestroy { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens before a reading is handed out, which is from before it: it may wait, or throw.</summary>
    public Func<Task> BeforeRead { get; set; } = () => Task.CompletedTask;

    /// <summary>What the fleet cannot take.</summary>
    public SpecRefusedException? Refusal { get; set; }

    /// <summary>What units have written: the last lines of one.</summary>
    public Func<UnitName, int, IReadOnlyList<string>> LastLines { get; set; } = (_, _) => [];

    /// <summary>
    /// Everything that was done, in order: <c>launch</c>, <c>make</c> (one that is not to run), <c>start</c>, <c>stop</c>,
    /// <c>mark gone</c> or <c>destroy</c>, and the unit.
    /// </summary>
    public ConcurrentQueue<(string What, UnitName Unit)> Done { get; } = new();

    /// <summary>How often the units were read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The units that there are.</summary>
    public IEnumerable<UnitName> Names => _units.All.Select(unit => unit.Name).OrderBy(name => name.ToString(), StringComparer.Ordinal);

    /// <summary>A unit that must be there.</summary>
    public Unit this[UnitName name] => _units.Find(name) ?? throw new KeyNotFoundException(name.ToString());

    /// <summary>Puts a unit there as if it had always been.</summary>
    public void Put(
        UnitName name, Intention? intention, Phase phase = Phase.Healthy, Wanted wanted = Wanted.Running, string? imageId = null) =>
        _units.Change(name, _ => new Unit(name, wanted, phase) { MachineId = "m1", Intention = intention, ImageId = imageId });

    /// <summary>Takes a unit away as if somebody else had destroyed it.</summary>
    public void Take(UnitName name) => _units.Change(name, _ => null);

    /// <summary>Lets a unit that is there be in a phase.</summary>
    public void SetPhase(UnitName name, Phase phase, string? detail = null, int? restarts = null) => _units.Change(
        name,
        unit => unit is null ? null : unit with { Phase = phase, MachineId = "m1", Detail = detail, Restarts = restarts });

    /// <summary>Makes all units of a version healthy.</summary>
    public void Heal(string version)
    {
        foreach (var name in Names.Where(name => name.DeployId.Version.Value == version))
        {
            SetPhase(name, Phase.Healthy);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        EnsureThere();
        var units = _units.All;
        await BeforeRead();
        return Traits.ChecksHealth
            ? units
            : [.. units.Select(unit => unit.IsHealthy ? unit with { Phase = Phase.Running } : unit)];
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<Machine>>([new Machine("m1", "127.0.0.1")]);
    }

    /// <inheritdoc />
    public async Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        EnsureThere();
        var steps = UnitSteps.To(target);
        await Task.WhenAll(
        [
            .. steps.Make.Select(unit => MakeAsync(unit, "launch", Run)),
            .. steps.MakeStopped.Select(unit => MakeAsync(unit, "make", Stop)),
            .. steps.Start.Select(StartAsync),
            .. steps.Stop.Select(StopAsync),
        ]);
    }

    /// <inheritdoc />
    public Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken)
    {
        EnsureThere();
        foreach (var name in units)
        {
            Done.Enqueue(("mark gone", name));
            _units.Change(name, unit => unit is null ? null : unit with { Wanted = Wanted.Gone });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken)
    {
        EnsureThere();
        foreach (var name in units.Where(name => _units.Find(name) is { IsGone: true }))
        {
            Done.Enqueue(("stop", name));
            _units.Change(name, unit => unit is null ? null : unit with { Phase = Phase.Stopped, Detail = null });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        Task.WhenAll(units.Select(DestroyAsync));

    /// <inheritdoc />
    public Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken)
    {
        EnsureThere();
        if (!Traits.KeepsLogs)
        {
            throw new LogsNotOfferedException("This fleet hands out no logs.");
        }

        var changes = _units.Watch();
        if (_units.Find(unit) is not { Phase: not (Phase.Waiting or Phase.Preparing) })
        {
            _units.Leave(changes);
            throw new NotFoundException($"{unit} has written nothing.");
        }

        var text = string.Concat(LastLines(unit, tail ?? int.MaxValue).Select(line => $"{line}\n"));
        return Task.FromResult<IOutputReader>(new InMemoryLog(_units, unit, Encoding.UTF8.GetBytes(text), follow, changes));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<UnitName> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = _units.Watch();
        try
        {
            await foreach (var name in changes.Reader.ReadAllAsync(cancellationToken))
            {
                if (Traits.TellsChanges)
                {
                    yield return name;
                }
            }
        }
        finally
        {
            _units.Leave(changes);
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<UnitOption> Preview(UnitDefinition definition) =>
        Refusal is null ? IntentionOptions.Write(definition.Intention) : throw Refusal;

    private async Task MakeAsync(UnitDefinition definition, string what, Func<Unit, Unit> become)
    {
        await BeforeLaunch(definition.Name);
        EnsureThere();
        if (Refusal is not null)
        {
            throw Refusal;
        }

        if (MakesNothing)
        {
            return;
        }

        Done.Enqueue((what, definition.Name));
        _units.Change(definition.Name, unit => unit ?? become(
            new Unit(definition.Name, Wanted.Running, Phase.Waiting) { Intention = definition.Intention }));
    }

    private Task StartAsync(UnitName name)
    {
        Done.Enqueue(("start", name));
        _units.Change(name, unit => unit is null or { IsWanted: true } ? unit : Run(unit));
        return Task.CompletedTask;
    }

    private Task StopAsync(UnitName name)
    {
        Done.Enqueue(("stop", name));
        _units.Change(name, unit => unit is null ? null : Stop(unit));
        return Task.CompletedTask;
    }

    private async Task DestroyAsync(UnitName name)
    {
        await BeforeDestroy(name);
        EnsureThere();
        if (_units.Find(name) is not { IsGone: false })
        {
            Done.Enqueue(("destroy", name));
            Take(name);
        }
    }

    private static Unit Stop(Unit unit) => unit with { Wanted = Wanted.Stopped, Phase = Phase.Stopped, Detail = null };

    private Unit Run(Unit unit) => Becomes(unit.Name) is (var phase, var detail)
        ? unit with { Wanted = Wanted.Running, Phase = phase, Detail = detail, MachineId = "m1" }
        : unit with { Wanted = Wanted.Running, Phase = Phase.Waiting, Detail = null, MachineId = null };

    private void EnsureThere()
    {
        if (IsAway)
        {
            throw new FleetUnavailableException("unix:///run/fleet.sock", "Connection refused");
        }
    }
}
