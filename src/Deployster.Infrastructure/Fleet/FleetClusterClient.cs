using System.Collections.Frozen;
using System.Net;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Refit;

namespace Deployster.Infrastructure.Fleet;

/// <summary>A Fleet cluster as the fleet.</summary>
internal sealed class FleetClusterClient(IFleetApi api, UnitFile unitFile, Uri address) : IFleetClient
{
    private volatile FrozenSet<UnitName>? _lastListed;
    private volatile string? _lastTrouble;

    public string Kind => "fleet";

    public async Task<IReadOnlyList<FleetUnit>> ListUnitsAsync(CancellationToken cancellationToken)
    {
        var (units, pageCount) = await ReadUnitsAsync(cancellationToken);
        if (pageCount > 1 && _lastListed?.IsSubsetOf(units.Keys) is not true)
        {
            // A unit that is destroyed while the pages are read moves all behind it up, one of them over the edge of
            // a page and out of sight. A unit that is missed would look as if it had been destroyed, so look again.
            var (again, _) = await ReadUnitsAsync(cancellationToken);
            foreach (var unit in again)
            {
                units[unit.Key] = unit.Value;
            }
        }

        _lastListed = units.Keys.ToFrozenSet();
        return [.. units.Values];
    }

    public async Task<IReadOnlyList<UnitState>> ListUnitStatesAsync(CancellationToken cancellationToken)
    {
        var (messages, _) = await ReadPagesAsync<FleetStateMessage>(
            async (token, cancel) => await api.ListStatesAsync(token, cancel), cancellationToken);
        var states = new Dictionary<UnitName, UnitState>();
        foreach (var message in messages)
        {
            if (UnitName.TryParse(message.Name, out var name))
            {
                states[name] = new UnitState(
                    name,
                    message.MachineID,
                    message.SystemdLoadState ?? "",
                    message.SystemdActiveState ?? "",
                    message.SystemdSubState ?? "");
            }
        }

        return [.. states.Values];
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken)
    {
        var (messages, _) = await ReadPagesAsync<FleetMachineMessage>(
            async (token, cancel) => await api.ListMachinesAsync(token, cancel), cancellationToken);
        return [.. messages.Where(message => message.Id is not null).Select(message => new Machine(message.Id!, message.PrimaryIP))];
    }

    // The same options again change nothing, while others would make Fleet create the unit anew.
    public async Task LaunchUnitAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        var change = new FleetUnitChange(
            WordFor(TargetState.Launched),
            [.. Describe(definition).Select(option => new FleetOptionMessage(option.Section, option.Name, option.Value))]);
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

    public async Task SetTargetStateAsync(UnitName unit, TargetState targetState, CancellationToken cancellationToken)
    {
        try
        {
            var change = new FleetUnitChange(WordFor(targetState), Options: null);
            await AskAsync(
                cancel => api.PutUnitAsync(unit.ToString(), change, cancel), cancellationToken, HttpStatusCode.Conflict);
        }
        catch (ApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It is gone: Fleet asks for the options that it would need to create it.
        }
    }

    public async Task DestroyUnitAsync(UnitName unit, CancellationToken cancellationToken)
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

    public Task<IReadOnlyList<string>> ReadLastLinesAsync(UnitName unit, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public IReadOnlyList<UnitOption> Describe(UnitDefinition definition) => unitFile.Render(definition);

    private async Task<(Dictionary<UnitName, FleetUnit> Units, int PageCount)> ReadUnitsAsync(CancellationToken cancellationToken)
    {
        var (messages, pageCount) = await ReadPagesAsync<FleetUnitMessage>(
            async (token, cancel) => await api.ListUnitsAsync(token, cancel), cancellationToken);
        var units = new Dictionary<UnitName, FleetUnit>();
        foreach (var message in messages)
        {
            if (UnitName.TryParse(message.Name, out var name))
            {
                var options = (message.Options ?? []).OfType<FleetOptionMessage>().Select(option =>
                    new UnitOption(option.Section ?? "", option.Name ?? "", option.Value ?? ""));
                units[name] = new FleetUnit(
                    name,
                    StateOf(message.DesiredState),
                    StateOf(message.CurrentState),
                    message.MachineID is { Length: > 0 } machine ? machine : null,
                    IntentionOptions.Read(options));
            }
        }

        return (units, pageCount);
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

    private static string WordFor(TargetState state) => state switch
    {
        TargetState.Launched => "launched",
        TargetState.Loaded => "loaded",
        TargetState.Inactive => "inactive",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static TargetState StateOf(string? word) => word switch
    {
        "launched" => TargetState.Launched,
        "loaded" => TargetState.Loaded,
        _ => TargetState.Inactive,
    };
}
