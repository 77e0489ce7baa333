using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Docker.DotNet;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker;

/// <summary>
/// Remembers the units that are being made, in the background, and those that could not be.
/// Of a unit whose container has been started the engine alone knows.
/// </summary>
internal sealed partial class PendingUnits(ILogger<PendingUnits> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UnitName, Entry> _entries = [];

    /// <summary>The units that are pending at the moment.</summary>
    public IReadOnlyDictionary<UnitName, PendingUnit> Snapshot()
    {
        lock (_lock)
        {
            return _entries.ToDictionary(entry => entry.Key, entry => entry.Value.Unit);
        }
    }

    /// <summary>Begins to make a unit, unless it is pending already.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="make">Makes it and starts it. Where that is cancelled, whoever did looks after what has been made.</param>
    public void Begin(PendingUnit unit, Func<CancellationToken, Task> make)
    {
        lock (_lock)
        {
            if (!_entries.ContainsKey(unit.Name))
            {
                var entry = new Entry(unit, make);
                _entries.Add(unit.Name, entry);
                Run(entry);
            }
        }
    }

    /// <summary>Forgets a unit. When this returns, nothing more is done for it.</summary>
    public async Task ForgetAsync(UnitName unit)
    {
        Entry? entry;
        lock (_lock)
        {
            _entries.Remove(unit, out entry);
        }

        await (entry?.StopAsync() ?? Task.CompletedTask);
    }

    /// <summary>Marks a unit. What is not to be launched is made no further, and begun anew if it is to be after all.</summary>
    public async Task SetTargetStateAsync(UnitName unit, TargetState targetState)
    {
        Entry? entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(unit, out entry) || entry.Unit.TargetState == targetState)
            {
                return;
            }

            entry.Unit = entry.Unit with { TargetState = targetState };
            if (targetState == TargetState.Launched)
            {
                if (entry.Unit.Failure is null)
                {
                    Run(entry);
                }

                return;
            }
        }

        await entry.StopAsync();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Stop.Cancel();
            }
        }
    }

    private void Run(Entry entry)
    {
        entry.Stop = new CancellationTokenSource();
        var (before, stop) = (entry.Work, entry.Stop.Token);
        entry.Work = Task.Run(() => RunAsync(entry, before, stop), CancellationToken.None);
    }

    private async Task RunAsync(Entry entry, Task before, CancellationToken stop)
    {
        await before;
        try
        {
            await entry.Make(stop);
            lock (_lock)
            {
                if (_entries.GetValueOrDefault(entry.Unit.Name) == entry)
                {
                    _entries.Remove(entry.Unit.Name);
                }
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // It is not wanted any more.
        }
        catch (Exception e)
        {
            var failure = e is DockerApiException refusal ? EngineMessage.Of(refusal) : EngineMessage.ToLine(e.Message);
            LogFailed(e is DockerApiException or ImagePullException or FleetUnavailableException ? null : e, entry.Unit.Name, failure);
            lock (_lock)
            {
                entry.Unit = entry.Unit with { Failure = failure };
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Unit} could not be made: {Failure}")]
    private partial void LogFailed(Exception? exception, UnitName unit, string failure);

    private sealed class Entry(PendingUnit unit, Func<CancellationToken, Task> make)
    {
        public PendingUnit Unit { get; set; } = unit;

        public Func<CancellationToken, Task> Make { get; } = make;

        public CancellationTokenSource Stop { get; set; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Work;
        }
    }
}
