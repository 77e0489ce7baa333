using System.Threading.Channels;
using Deployster.Domain.Names;
using Deployster.Domain.Units;

namespace Deployster.Testing;

/// <summary>The units of an <see cref="InMemoryFleet"/>, and who watches them.</summary>
internal sealed class InMemoryUnits
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UnitName, Unit> _units = [];
    private readonly List<Channel<UnitName>> _watchers = [];

    public IReadOnlyList<Unit> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _units.Values];
            }
        }
    }

    public Unit? Find(UnitName name)
    {
        lock (_lock)
        {
            return _units.GetValueOrDefault(name);
        }
    }

    /// <summary>Puts what <paramref name="change"/> makes of a unit in its place; null takes it away.</summary>
    public void Change(UnitName name, Func<Unit?, Unit?> change)
    {
        lock (_lock)
        {
            if (change(_units.GetValueOrDefault(name)) is { } changed)
            {
                _units[name] = changed;
            }
            else
            {
                _units.Remove(name);
            }

            _watchers.ForEach(watcher => watcher.Writer.TryWrite(name));
        }
    }

    public Channel<UnitName> Watch()
    {
        var watcher = Channel.CreateUnbounded<UnitName>();
        lock (_lock)
        {
            _watchers.Add(watcher);
        }

        return watcher;
    }

    public void Leave(Channel<UnitName> watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }
    }
}
