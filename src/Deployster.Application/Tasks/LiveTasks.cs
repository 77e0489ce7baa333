using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>The tasks that this process carries through.</summary>
internal sealed class LiveTasks(TaskSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, LiveTask> _tasks = [];

    // An id for each thing that is left to be done.
    private readonly List<TaskId> _unsettled = [];

    public IReadOnlyList<LiveTask> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _tasks.Values];
            }
        }
    }

    public LiveTask? Find(TaskId id)
    {
        lock (_lock)
        {
            return _tasks.GetValueOrDefault(id);
        }
    }

    /// <summary>Whether a task is live, or has ended with something left to be done: it is not to be taken up or forgotten.</summary>
    public bool IsOwn(TaskId id)
    {
        lock (_lock)
        {
            return _tasks.ContainsKey(id) || _unsettled.Contains(id);
        }
    }

    /// <summary>Adds a task that somebody asks for. Release commands do not count against the limit.</summary>
    /// <exception cref="TaskLimitException">As many are live as may be at a time.</exception>
    public void Add(LiveTask task)
    {
        lock (_lock)
        {
            if (_tasks.Values.Count(live => live.Record.ReleaseOf is null) >= settings.Limit)
            {
                throw new TaskLimitException(settings.Limit);
            }

            _tasks.Add(task.Record.Id, task);
        }
    }

    /// <summary>Adds a task that runs already, whatever the limit.</summary>
    public void TakeUp(LiveTask task)
    {
        lock (_lock)
        {
            _tasks.Add(task.Record.Id, task);
        }
    }

    /// <summary>Removes a task that has ended.</summary>
    public void Remove(TaskId id)
    {
        lock (_lock)
        {
            _tasks.Remove(id);
        }
    }

    /// <summary>Notes that something is left to be done for a task.</summary>
    public void Unsettle(TaskId id)
    {
        lock (_lock)
        {
            _unsettled.Add(id);
        }
    }

    /// <summary>Notes that one of the things that were left has been done.</summary>
    public void Settle(TaskId id)
    {
        lock (_lock)
        {
            _unsettled.Remove(id);
        }
    }
}
