using System.Collections.Frozen;
using System.Net;
using System.Runtime.CompilerServices;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>
/// A Fleet cluster as the fleet. Fleet deletes whatever unit it is asked to: that it is marked is seen to by the
/// reading on which the deletion was decided.
/// </summary>
internal sealed class FleetCluster(IFleetApi api, UnitFile unitFile, Uri address) : IFleetClient
{
    private const int Parallelism = 64;

    private volatile FrozenSet<UnitName>? _lastListed;
    private volatile string? _lastTrouble;

    public FleetTraits Traits { get; } = new("fleet")
    {
        ChecksHealth = true,
        Restarts = true,
        PlacesAgain = true,
        Routes = true,
    };

    public async Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = ListUnitsAsync(cancellationToken);
        var (states, _) = await ReadPagesAsync<FleetStateMessage>(
            async (token, cancel) => await api.ListStatesAsync(token, cancel), cancellationToken);
        var statesOf = states.Where(state => state.Name is not null).ToLookup(state => state.Name!);
        return [.. (await reading).Select(unit => FleetUnits.Read(unit.Key, unit.Value, [.. statesOf[unit.Value.Name!]]))];
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken)
    {
        var (messages, _) = await ReadPagesAsync<FleetMachineMessage>(
            async (token, cancel) => await api.ListMachinesAsync(token, cancel), cancellationToken);
        return [.. messages.Where(message => message.Id is not null).Select(message => new Machine(message.Id!, message.PrimaryIP))];
    }

    public Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        var steps = UnitSteps.To(target);
        return ForAllAsync<(UnitName Name, Func<Task> Act)>(
            [
                .. steps.Make.Select(unit => (unit.Name, (Func<Task>)(() => MakeAsync(unit, cancellationToken)))),
                .. steps.Start.Where(unit => target.Seen.Any(seen => seen.Name == unit && !seen.IsWanted)).Select(unit => (unit, (Func<Task>)(() => SetAsync(unit, FleetUnits.Launched, cancellationToken)))),
                .. steps.Stop.Select(unit => (unit, (Func<Task>)(() => SetAsync(unit, FleetUnits.Inactive, cancellationToken)))),
            ],
            step => step.Act(),
            cancellationToken);
    }

    public Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        ForAllAsync(units, unit => SetAsync(unit, FleetUnits.Loaded, cancellationToken), cancellationToken);

    public Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        ForAllAsync(units, unit => DeleteAsync(unit, cancellationToken), cancellationToken);

    public Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken) =>
        throw new LogsNotOfferedException(
            $"Fleet's API hands out no logs: what a unit writes is in the journal of its machine. Read it there with: fleetctl journal {unit}");

    public async IAsyncEnumerable<UnitName> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }

    public IReadOnlyList<UnitOption> Preview(UnitDefinition definition) => unitFile.Render(definition);

    private async Task<Dictionary<UnitName, FleetUnitMessage>> ListUnitsAsync(CancellationToken cancellationToken)
    {
        var (units, pageCount) = await ListUnitsOnceAsync(cancellationToken);
        if (pageCount > 1 && _lastListed?.IsSubsetOf(units.Keys) is not true)
        {
            // A unit that is destroyed while the pages are read moves all behind it up, one of them over the edge of
            // a page and out of sight. A unit that is missed would look as if it had been destroyed, so look again.
            var (again, _) = await ListUnitsOnceAsync(cancellationToken);
            foreach (var unit in again)
            {
                units[unit.Key] = unit.Value;
            }
        }

        _lastListed = units.Keys.ToFrozenSet();
        return units;
    }

    private async Task<(Dictionary<UnitName, FleetUnitMessage> Units, int PageCount)> ListUnitsOnceAsync(CancellationToken cancellationToken)
    {
        var (messages, pageCount) = await ReadPagesAsync<FleetUnitMessage>(
            async (token, cancel) => await api.ListUnitsAsync(token, cancel), cancellationToken);
        var units = new Dictionary<UnitName, FleetUnitMessage>();
        foreach (var message in messages)
        {
            if (UnitName.TryParse(message.Name, out var name))
            {
                units[name] = message;
            }
        }

        return (units, pageCount);
    }

    // The same options again change nothing, while others would make Fleet create the unit anew.
    private async Task MakeAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        var change = new FleetUnitChange(
            FleetUnits.Launched,
            [.. Preview(definition).Select(option => new FleetOptionMessage(option.Section, option.Name, option.Value))]);
        try
        {
            await AskAsync(
                cancel => api.PutUnitAsync(definition.Name.ToString(), change, cancel), cancellationToken, HttpStatusCode.BadRequest);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            throw new SpecRefusedException("deploy", FleetTrouble.MessageOf(e) ?? e.Message);
        }
    }

    private async Task SetAsync(UnitName unit, string desiredState, CancellationToken cancellationToken)
    {
        try
        {
            var change = new FleetUnitChange(desiredState, Options: null);
            await AskAsync(
                cancel => api.PutUnitAsync(unit.ToString(), change, cancel), cancellationToken, HttpStatusCode.Conflict);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It is gone: Fleet asks for the options that it would need to create it.
        }
    }

    private async Task DeleteAsync(UnitName unit, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(
                cancel => api.DeleteUnitAsync(unit.ToString(), cancel), cancellationToken, HttpStatusCode.NotFound);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // It is gone already.
        }
    }

    // All are tried before the first failure is told: one unit's trouble must not keep the others waiting.
    private static async Task ForAllAsync<T>(IReadOnlyCollection<T> items, Func<T, Task> act, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Parallelism);
        async Task InSlotAsync(T item)
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                await act(item);
            }
            finally
            {
                slots.Release();
            }
        }

        await Task.WhenAll(items.Select(InSlotAsync));
    }

    private async Task<(List<T> Items, int PageCount)> ReadPagesAsync<T>(
        Func<string?, CancellationToken, Task<IFleetPage<T>>> read, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var pageCount = 0;
        string? token = null;
        do
        {
            IFleetPage<T>? page = null;
            await AskAsync(async cancel => page = await read(token, cancel), cancellationToken);
            items.AddRange((page?.Items ?? []).OfType<T>());
            token = page?.NextPageToken;
            pageCount++;
        }
        while (!string.IsNullOrEmpty(token));

        return (items, pageCount);
    }

    // An answer that is meant tells the caller something and is no trouble.
    private async Task AskAsync(
        Func<CancellationToken, Task> ask, CancellationToken cancellationToken, HttpStatusCode? meant = null)
    {
        try
        {
            await ask(cancellationToken);
        }
        catch (Exception e) when (FleetTrouble.Is(e) && (meant is null || (e as ApiException)?.StatusCode != meant))
        {
            var trouble = FleetTrouble.Describe(e) ?? _lastTrouble ?? e.Message;
            _lastTrouble = trouble;
            throw new FleetUnavailableException(address.OriginalString, trouble, e);
        }
    }
}
