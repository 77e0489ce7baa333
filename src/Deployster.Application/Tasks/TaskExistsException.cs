using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>A task has a container already: somebody else has started it.</summary>
/// <param name="id">The task's id.</param>
public sealed class TaskExistsException(TaskId id) : Exception($"The task {id} has been started already.");
