using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Does work that has to do with its state in the engine.</summary>
/// <param name="stop">Ends it: it is not wanted any more.</param>
/// <returns>Whether the engine knows all about the unit now; false where it has none of it.</returns>
internal delegate Task<bool> UnitWork(CancellationToken stop);

/// <summary>
/// The units that are worked on in the background, one thing at a time each. Where it could not be done it is tried again
/// only when somebody asks for it again, and not too soon. Of a unit whose work is done the engine alone knows.
/// </summary>
internal sealed partial class UnitJobs(TimeProvider time, ILogger<UnitJobs> logger) : IDisposable
{
    private static readonly TimeSpan[] s_pauses = [.. ((double[])[1, 2, 4, 8, 10]).Select(TimeSpan.FromSeconds)];

    private readonly Lock _lock = new();
    private readonly Dictionary<UnitName, Entry> _entries = [];

    /// <summary>The units that are worked on, or could not be made.</summary>
    public IReadOnlyDictionary<UnitName, UnitJob> Snapshot()
    {
        lock (_lock)
        {
            return _entries.ToDictionary(entry => entry.Key, entry => entry.Value.Job);
        }
    }

    /// <summary>Has a unit made or started, unless that is under way, was refused, or was in trouble a moment ago.</summary>
    public void Start(UnitName unit, Intention? intention, UnitWork work) =>
        Begin(new UnitJob(unit, Wanted.Running, Phase.Preparing, intention), work);

    /// <summary>Has a unit made that does not run yet, unless that is under way, was refused, or was in trouble a moment ago.</summary>
    public void Make(UnitName unit, Intention? intention, UnitWork work) =>
        Begin(new UnitJob(unit, Wanted.Stopped, Phase.Preparing, intention), work);

    /// <summary>Has a unit stopped. What is being made of it is made no further.</summary>
    public void Stop(UnitName unit, Intention? intention, UnitWork work) =>
        Begin(new UnitJob(unit, Wanted.Stopped, Phase.Stopping, intention), work);

    /// <summary>Forgets a unit. When this returns, nothing more is made of it; a stop that has begun goes on.</summary>
    public async Task ForgetAsync(UnitName unit)
    {
        Entry? entry;
        lock (_lock)
        {
            if (_entries.Remove(unit, out entry))
            {
                entry.Current.Cancel();
            }
        }

        // One that is stopped takes its time, and is there; one that is made may appear at any moment.
        await (entry is { Job.Phase: not Phase.Stopping } ? entry.Work : Task.CompletedTask);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Current.Cancel();
            }

            _entries.Clear();
        }
    }

    private void Begin(UnitJob job, UnitWork work)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(job.Name, out var entry))
            {
                entry = new Entry(job);
                _entries.Add(job.Name, entry);
            }
            else if (entry.Job.Wanted != job.Wanted)
            {
                entry.Current.Cancel();
                entry.Job = job;
                (entry.Attempts, entry.Refusals) = (0, 0);
            }
            else if (entry.NotBefore is not { } moment || time.GetTimestamp() < moment)
            {
                return;
            }

            entry.NotBefore = null;
            entry.Current = new CancellationTokenSource();
            var (before, current) = (entry.Work, entry.Current);
            entry.Work = Task.Run(() => RunAsync(entry, before, work, current), CancellationToken.None);
        }
    }

    private async Task RunAsync(Entry entry, Task before, UnitWork work, CancellationTokenSource current)
    {
        await before;
        Trouble? trouble = null;
        var isDone = false;
        try
        {
            current.Token.ThrowIfCancellationRequested();
            isDone = await work(current.Token);
        }
        catch (Exception) when (current.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            trouble = Trouble.Of(e);
            LogTrouble(trouble.IsExpected ? null : e, entry.Job.Name, entry.Job.Wanted, trouble.Message);
        }

        lock (_lock)
        {
            if (current.IsCancellationRequested || _entries.GetValueOrDefault(entry.Job.Name) != entry)
            {
                return;
            }

            if (isDone)
            {
                _entries.Remove(entry.Job.Name);
            }
            else if (trouble is null)
            {
                entry.Job = entry.Job with { Phase = Phase.Stopped };
            }
            else
            {
                entry.Fail(trouble, time);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Unit} could not be made {Wanted}: {Trouble}")]
    private partial void LogTrouble(Exception? exception, UnitName unit, Wanted wanted, string trouble);

    private sealed class Entry(UnitJob job)
    {
        public UnitJob Job { get; set; } = job;

        public CancellationTokenSource Current { get; set; } = new();

        public Task Work { get; set; } = Task.CompletedTask;

        /// <summary>How often it was in trouble, whatever that was.</summary>
        public int Attempts { get; set; }

        /// <summary>How often the engine answered that it does not do it.</summary>
        public int Refusals { get; set; }

        /// <summary>From when on it may be tried again; null where it is under way, or need not be.</summary>
        public long? NotBefore { get; set; }

        public void Fail(Trouble trouble, TimeProvider time)
        {
            Job = Job with { Detail = trouble.Message };
            var pause = s_pauses[Math.Min(Attempts++, s_pauses.Length - 1)];
            if (trouble.MayPass && (trouble.Attempts is not { } most || ++Refusals < most))
            {
                pause = trouble.RetryAfter > pause ? trouble.RetryAfter.Value : pause;
                NotBefore = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
            }
            else
            {
                Job = Job with { Phase = Phase.Failed };
            }
        }
    }
}
