using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// A Fleet cluster: a unit file for each unit. Fleet's requests have no preconditions, so callers decide by a reading.
/// Destroying cannot be undone, so it looks at the unit once more: a unit that is not marked is left alone.
/// </summary>
internal sealed class FleetCluster : IFleetClient
{
    // As many as a fleet's etcd bears.
    private const int MaxRequests = 64;

    private readonly IFleetApi _api;
    private readonly UnitFile _unitFile;
    private readonly FleetTalk _talk;
    private readonly FleetList<UnitName, FleetUnitMessage> _units;
    private readonly FleetList<StateKey, FleetStateMessage> _states;
    private readonly FleetList<string, FleetMachineMessage> _machines;
    private volatile Reading? _last;

    public FleetCluster(IFleetApi api, UnitFile unitFile, Uri address)
    {
        _api = api;
        _unitFile = unitFile;
        _talk = new FleetTalk(address);
        _units = new(
            _talk,
            api.ListUnitsAsync,
            body => JsonSerializer.Deserialize(body, FleetJson.Default.FleetUnitPage),
            unit => NameOf(unit.Name));
        _states = new(
            _talk,
            api.ListStatesAsync,
            body => JsonSerializer.Deserialize(body, FleetJson.Default.FleetStatePage),
            state => NameOf(state.Name) is { } name ? new StateKey(name, state.MachineID) : null);
        _machines = new(
            _talk,
            api.ListMachinesAsync,
            body => JsonSerializer.Deserialize(body, FleetJson.Default.FleetMachinePage),
            machine => machine.Id);
    }

    public FleetTraits Traits { get; } =
        new("fleet") { ChecksHealth = true, Restarts = true, KeepsStarting = true, PlacesAgain = true, Routes = true };

    public async Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken)
    {
        var (reading, readingStates) = (_units.ReadAsync(cancellationToken), _states.ReadAsync(cancellationToken));
        await Task.WhenAll(reading, readingStates);
        var (units, states) = (await reading, await readingStates);
        if (_last is { } last && ReferenceEquals(last.Records, units) && ReferenceEquals(last.States, states))
        {
            return last.Units;
        }

        var statesOf = states.ToLookup(entry => entry.Key.Name, entry => entry.Value);
        var read = new Reading(
            units, states, [.. units.Select(entry => FleetUnitReader.Read(entry.Key, entry.Value, statesOf[entry.Key]))]);
        _last = read;
        return read.Units;
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken) =>
        [.. (await _machines.ReadAsync(cancellationToken)).Values.Select(machine => new Machine(machine.Id!, machine.PrimaryIP))];

    public Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        var steps = UnitSteps.To(target);

        // A unit that is launched already is started by systemd, which also tries again.
        var launched = target.Seen.Where(unit => unit.IsWanted).Select(unit => unit.Name).ToHashSet();
        return DoAllAsync(
            [
                .. steps.Make.Select<UnitDefinition, Step>(unit => cancel => MakeAsync(unit, Wanted.Running, cancel)),
                .. steps.MakeStopped.Select<UnitDefinition, Step>(unit => cancel => MakeAsync(unit, Wanted.Stopped, cancel)),
                .. steps.Start.Where(unit => !launched.Contains(unit))
                    .Select<UnitName, Step>(unit => cancel => WantAsync(unit, Wanted.Running, cancel)),
                .. steps.Stop.Select<UnitName, Step>(unit => cancel => WantAsync(unit, Wanted.Stopped, cancel)),
            ],
            cancellationToken);
    }

    public Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        DoAllAsync(units.Select<UnitName, Step>(unit => cancel => WantAsync(unit, Wanted.Gone, cancel)), cancellationToken);

    // The mark itself stops a unit.
    public Task StopAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        DoAllAsync(units.Select<UnitName, Step>(unit => cancel => DestroyAsync(unit, cancel)), cancellationToken);

    public Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken) =>
        throw new LogsNotOfferedException(
            $"Fleet's API hands out no logs: what a unit writes is in the journal of its machine. Read it there with: fleetctl journal {unit}");

    // Fleet tells nothing by itself.
    public async IAsyncEnumerable<UnitName> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public IReadOnlyList<UnitOption> Preview(UnitDefinition definition) => _unitFile.Render(definition);

    // The same options again change nothing, while others would make Fleet create the unit anew.
    private async Task MakeAsync(UnitDefinition unit, Wanted wanted, CancellationToken cancellationToken)
    {
        var change = new FleetUnitChange(
            TargetWord.For(wanted),
            [.. _unitFile.Render(unit).Select(option => new FleetOptionMessage(option.Section, option.Name, option.Value))]);
        var refusal = await _talk.AskAsync(
            () => _api.PutUnitAsync(unit.Name.ToString(), change, cancellationToken), HttpStatusCode.BadRequest);
        if (refusal is not null)
        {
            throw new SpecRefusedException("deploy", FleetTrouble.MessageOf(refusal) ?? refusal.Message);
        }
    }

    // A conflict means that the unit is gone: Fleet asks for the options that it would need to create it.
    private async Task WantAsync(UnitName unit, Wanted wanted, CancellationToken cancellationToken) => await _talk.AskAsync(
        () => _api.PutUnitAsync(unit.ToString(), new FleetUnitChange(TargetWord.For(wanted), Options: null), cancellationToken),
        HttpStatusCode.Conflict);

    private async Task DestroyAsync(UnitName unit, CancellationToken cancellationToken)
    {
        FleetUnitMessage? known = null;
        await _talk.AskAsync(
            async () => known = await _api.GetUnitAsync(unit.ToString(), cancellationToken), HttpStatusCode.NotFound);
        if (known is not null && TargetWord.Read(known.DesiredState) == Wanted.Gone)
        {
            await _talk.AskAsync(() => _api.DeleteUnitAsync(unit.ToString(), cancellationToken), HttpStatusCode.NotFound);
        }
    }

    // One step that fails keeps no other from being tried.
    private static async Task DoAllAsync(IEnumerable<Step> steps, CancellationToken cancellationToken)
    {
        var failures = new ConcurrentQueue<ExceptionDispatchInfo>();
        await Parallel.ForEachAsync(
            steps,
            new ParallelOptions { MaxDegreeOfParallelism = MaxRequests, CancellationToken = cancellationToken },
            async (step, cancel) =>
            {
                try
                {
                    await step(cancel);
                }
                catch (Exception e) when (e is FleetUnavailableException or SpecRefusedException)
                {
                    failures.Enqueue(ExceptionDispatchInfo.Capture(e));
                }
            });
        if (failures.TryPeek(out var first))
        {
            first.Throw();
        }
    }

    private static UnitName? NameOf(string? text) => UnitName.TryParse(text, out var name) ? name : null;

    private delegate Task Step(CancellationToken cancellationToken);

    private sealed record StateKey(UnitName Name, string? MachineId);

    /// <summary>What Fleet told, and the units that were made of it.</summary>
    private sealed record Reading(
        IReadOnlyDictionary<UnitName, FleetUnitMessage> Records,
        IReadOnlyDictionary<StateKey, FleetStateMessage> States,
        IReadOnlyList<Unit> Units);
}
