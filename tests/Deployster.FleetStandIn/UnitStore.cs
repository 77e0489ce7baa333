namespace Deployster.FleetStandIn;

/// <summary>The units and Fleet's rules about them.</summary>
internal sealed class UnitStore(Func<UnitFile, UnitBehavior> behavior, TimeProvider time)
{
    /// <summary>The one machine there is.</summary>
    public const string MachineId = "8dcea1bd8c304e1bbe2c25dce526109c";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredUnit> _units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (StoredUnit Unit, DateTimeOffset Until)> _leaving = new(StringComparer.Ordinal);

    public Answer Put(string name, UnitRequest request)
    {
        if ((request.Name ?? name) != name)
        {
            return Answer.Error(400, $"name in URL \"{name}\" differs from unit name in request body \"{request.Name}\"");
        }

        if (UnitRules.CheckName(name) is { } wrongName)
        {
            return Answer.Error(400, wrongName);
        }

        lock (_lock)
        {
            var existing = _units.GetValueOrDefault(name);
            if (existing is { IsPoisoned: true })
            {
                return Answer.Trouble;
            }

            var file = new UnitFile(name, request.Options ?? []);
            if (existing is null && file.Options.Count == 0)
            {
                return Answer.Error(409, "unit does not exist and options field empty");
            }

            return existing is null || (file.Options.Count > 0 && file.Hash != existing.File.Hash)
                ? Create(file, request.DesiredState)
                : Update(existing, request.DesiredState);
        }
    }

    public Answer Get(string name)
    {
        lock (_lock)
        {
            return _units.GetValueOrDefault(name) switch
            {
                null => Answer.Error(404, "unit does not exist"),
                { IsPoisoned: true } => Answer.Trouble,
                var unit => Answer.Ok(Describe(unit)),
            };
        }
    }

    public Answer Delete(string name)
    {
        lock (_lock)
        {
            var unit = _units.GetValueOrDefault(name);
            if (unit is null)
            {
                return Answer.Error(404, "unit does not exist");
            }

            if (unit.IsPoisoned)
            {
                return Answer.Trouble;
            }

            Remove(unit);
            return Answer.Done;
        }
    }

    /// <summary>How long the second of the writes that make a unit is still to come.</summary>
    public TimeSpan UntilMade(string name)
    {
        lock (_lock)
        {
            return _units.GetValueOrDefault(name) is { } unit && unit.ChangedAt - time.GetUtcNow() is { Ticks: > 0 } left
                ? left
                : TimeSpan.Zero;
        }
    }

    public IReadOnlyList<UnitBody> List()
    {
        lock (_lock)
        {
            return [.. _units.Values.Where(unit => !unit.IsPoisoned).Select(Describe)];
        }
    }

    public IReadOnlyList<StateBody> States()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var present =
                from unit in _units.Values
                let state = unit.State(now)
                where state is not null
                select Describe(unit.File, state);
            var leaving =
                from entry in _leaving.Values
                where entry.Until > now && !_units.ContainsKey(entry.Unit.File.Name)
                select Describe(entry.Unit.File, SystemdState.StopSigterm);
            return [.. present.Concat(leaving).OrderBy(state => state.Name, StringComparer.Ordinal)];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _units.Clear();
            _leaving.Clear();
        }
    }

    private Answer Create(UnitFile file, string? desiredState)
    {
        if (UnitRules.CheckOptions(file.Options) is { } wrongOptions)
        {
            return Answer.Error(400, wrongOptions);
        }

        var state = string.IsNullOrEmpty(desiredState) ? StoredUnit.Inactive : desiredState;
        var unitBehavior = behavior(file);
        _units[file.Name] = new StoredUnit(file, unitBehavior, state, time.GetUtcNow() + unitBehavior.Making);
        return Answer.Created;
    }

    private Answer Update(StoredUnit unit, string? desiredState)
    {
        if (string.IsNullOrEmpty(desiredState))
        {
            return Answer.Error(409, "must provide DesiredState to update existing unit");
        }

        _units[unit.File.Name] = unit.WithDesiredState(desiredState, time.GetUtcNow());
        return Answer.Done;
    }

    private void Remove(StoredUnit unit)
    {
        _units.Remove(unit.File.Name);
        var now = time.GetUtcNow();
        if (unit.IsOnMachine(now))
        {
            _leaving[unit.File.Name] = (unit, now + unit.Behavior.Stopping);
        }
    }

    private UnitBody Describe(StoredUnit unit)
    {
        var now = time.GetUtcNow();
        return new UnitBody(
            unit.CurrentState(now),
            unit.VisibleState(now),
            unit.IsOnMachine(now) ? MachineId : null,
            unit.File.Name,
            unit.File.Options);
    }

    private static StateBody Describe(UnitFile file, SystemdState state) =>
        new(file.Hash, MachineId, file.Name, state.Active, "loaded", state.Sub);
}
