using Deployster.Domain.Units;

namespace Deployster.Application.Tasks;

/// <summary>A container that is a task.</summary>
/// <param name="Task">The task, as far as its container tells of it.</param>
/// <param name="IsRunning">Whether it runs: it has been started, and has not ended.</param>
public sealed record TaskContainer(TaskRecord Task, bool IsRunning)
{
    /// <summary>The intention of the deploy whose release command it is; null where it is none.</summary>
    public Intention? Intention { get; init; }
}
