using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>A task that this process carries through.</summary>
internal sealed class LiveTask(TaskRecord record, ITaskOutput output) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<TaskEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskEnd? _stopReason;

    public TaskRecord Record { get; private set; } = record;

    public ITaskOutput Output { get; } = output;

    /// <summary>Cancelled when the task is to be stopped.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>How the task has ended, once nothing of it is left.</summary>
    public Task<TaskEnd> Ended => _end.Task;

    public void Begin(TaskRecord record) => Record = record;

    /// <summary>Has the task stopped. The first reason counts; one that has ended has nothing to stop.</summary>
    public void Stop(TaskEnd reason)
    {
        lock (_lock)
        {
            if (!Ended.IsCompleted)
            {
                _stopReason ??= reason;
                _stop.Cancel();
            }
        }
    }

    /// <summary>Notes how the task has ended: where it was stopped, as whoever did it means it.</summary>
    public void End(TaskEnd end, DateTimeOffset now)
    {
        lock (_lock)
        {
            // The clock may have been set back since.
            var begun = Record.StartedAt > Record.RequestedAt ? Record.StartedAt.Value : Record.RequestedAt;
            Record = Record with { End = _stopReason ?? end, EndedAt = now > begun ? now : begun };
        }
    }

    /// <summary>Lets go of whoever waits or follows.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            Output.Dispose();
            _end.SetResult(Record.End!);
            _stop.Dispose();
        }
    }
}
