namespace Deployster.Application.Tasks;

/// <summary>A container that is a task.</summary>
/// <param name="Task">The task, as far as its container tells of it.</param>
/// <param name="IsRunning">Whether it runs: it has been started, and has not ended.</param>
public sealed record TaskContainer(TaskRecord Task, bool IsRunning);
