using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>The tasks that are being carried through.</summary>
internal sealed class RunningTasks(TaskSettings settings)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, RunningTask> _tasks = [];

    public RunningTask? Find(TaskId id)
    {
        lock (_lock)
        {
            return _tasks.GetValueOrDefault(id);
        }
    }

    /// <summary>Adds a task that somebody asks for.</summary>
    /// <exception cref="TaskLimitException">As many run as may at a time.</exception>
    public void Add(RunningTask task)
    {
        lock (_lock)
        {
            if (_tasks.Count >= settings.Limit)
            {
                throw new TaskLimitException(settings.Limit);
            }

            _tasks.Add(task.Record.Id, task);
        }
    }

    /// <summary>Adds a task that runs already, whatever the limit.</summary>
    public void Adopt(RunningTask task)
    {
        lock (_lock)
        {
            _tasks.Add(task.Record.Id, task);
        }
    }

    public void Remove(TaskId id)
    {
        lock (_lock)
        {
            _tasks.Remove(id);
        }
    }
}
