using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>A task whose output is being read, until this is disposed of.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Output">The output; it ends with the task.</param>
/// <param name="End">How the task ends; known when the output has ended.</param>
public sealed record FollowedTask(TaskId Id, IKeptOutput Output, Task<TaskEnd> End) : IDisposable
{
    /// <inheritdoc />
    public void Dispose() => Output.Dispose();
}
