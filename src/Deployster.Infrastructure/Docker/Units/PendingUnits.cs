using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Docker.DotNet;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Remembers the units that are being made, in the background, and those that could not be. Of a unit whose container
/// has been started the engine alone knows. What fails and may pass is tried again when somebody asks for it again.
/// </summary>
internal sealed partial class PendingUnits(TimeProvider time, ILogger<PendingUnits> logger) : IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

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

    /// <summary>Begins to make a unit, or tries again where it failed and a pause is over.</summary>
    /// <param name="name">The unit.</param>
    /// <param name="intention">The intention of its deploy.</param>
    /// <param name="make">Makes it and starts it. Where that is cancelled, the caller looks after what has been made.</param>
    public void Begin(UnitName name, Intention? intention, Func<CancellationToken, Task> make)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                entry = new Entry(new PendingUnit(name, intention));
                _entries.Add(name, entry);
            }
            else if (!entry.Work.IsCompleted || entry.Unit.Trouble is null || time.GetElapsedTime(entry.FailedAt) < entry.Pause)
            {
                return;
            }

            entry.Work = Task.Run(() => RunAsync(entry, make), CancellationToken.None);
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

        if (entry is not null)
        {
            await entry.Stop.CancelAsync();
            await entry.Work;
        }
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

    private async Task RunAsync(Entry entry, Func<CancellationToken, Task> make)
    {
        try
        {
            await make(entry.Stop.Token);
            lock (_lock)
            {
                if (_entries.GetValueOrDefault(entry.Unit.Name) == entry)
                {
                    _entries.Remove(entry.Unit.Name);
                }
            }
        }
        catch (Exception) when (entry.Stop.IsCancellationRequested)
        {
            // It is not wanted any more.
        }
        catch (Exception e)
        {
            Note(entry, e);
        }
    }

    private void Note(Entry entry, Exception exception)
    {
        var message = exception is DockerApiException refusal ? EngineMessage.Of(refusal) : EngineMessage.ToLine(exception.Message);
        var mayPass = exception switch
        {
            ImagePullException pull => !pull.IsRefusal,
            FleetUnavailableException => true,
            DockerApiException answer => answer.StatusCode >= System.Net.HttpStatusCode.InternalServerError && IsEnginesTrouble(message),
            _ => false,
        };
        var isKnown = exception is DockerApiException or ImagePullException or FleetUnavailableException or InvalidOperationException;
        LogFailed(isKnown ? null : exception, entry.Unit.Name, message);
        lock (_lock)
        {
            entry.Unit = entry.Unit with { Failure = mayPass ? null : message, Trouble = mayPass ? message : null };
            entry.Pause = entry.Pause == TimeSpan.Zero ? s_firstPause
                : entry.Pause * 2 < s_longestPause ? entry.Pause * 2
                : s_longestPause;
            entry.FailedAt = time.GetTimestamp();
        }
    }

    // An engine answers 500 to what it cannot do as to what it cannot do now. A command that does not exist stays so.
    private static bool IsEnginesTrouble(string message) =>
        !message.Contains("OCI runtime", StringComparison.OrdinalIgnoreCase)
        && !message.Contains("no such file or directory", StringComparison.OrdinalIgnoreCase)
        && !message.Contains("invalid", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Warning, "{Unit} could not be made: {Message}")]
    private partial void LogFailed(Exception? exception, UnitName unit, string message);

    private sealed class Entry(PendingUnit unit)
    {
        public PendingUnit Unit { get; set; } = unit;

        public CancellationTokenSource Stop { get; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        public TimeSpan Pause { get; set; }

        public long FailedAt { get; set; }
    }
}
