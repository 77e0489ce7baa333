namespace Deployster.Application.Tasks;

/// <summary>
/// When the time of a task that has started is up. A step of the clock changes nothing while somebody watches: what is left
/// is read from the clock once, and measured from then on.
/// </summary>
internal sealed class TaskDeadline
{
    private readonly TimeProvider _time;
    private readonly long _begun;

    public TaskDeadline(TaskRecord record, TimeProvider time)
    {
        _time = time;
        _begun = time.GetTimestamp();
        var rest = record.StartedAt + record.Timeout - time.GetUtcNow() ?? record.Timeout;
        var most = record.Timeout < TaskSettings.MaxTimeout ? record.Timeout : TaskSettings.MaxTimeout;
        rest = rest < most ? rest : most;
        Limit = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    /// <summary>How long the task might run when the watch began.</summary>
    public TimeSpan Limit { get; }

    /// <summary>How long it may still run; negative once its time is up.</summary>
    public TimeSpan Rest => Limit - _time.GetElapsedTime(_begun);
}
