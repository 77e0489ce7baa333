using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Tasks;

namespace Deployster.Application.Tasks;

/// <summary>
/// The engine that runs tasks, each in a container of its own that carries the task's record.
/// Every operation throws <see cref="FleetUnavailableException"/> where the engine does not answer.
/// </summary>
public interface ITaskEngine
{
    /// <summary>Pulls an image where it is missing; tells what it is.</summary>
    /// <exception cref="TaskRefusedException">There is no such image, or the registry does not hand it out.</exception>
    Task<TaskImage> PrepareImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Makes the container, of the image with the record's id, and starts it; gives all that it writes, unbuffered, to its end.</summary>
    /// <exception cref="TaskRefusedException">The engine cannot run the command, or take the settings.</exception>
    /// <exception cref="TaskExistsException">There is a container of this task already.</exception>
    Task<IOutputReader> StartAsync(TaskDefinition task, CancellationToken cancellationToken);

    /// <summary>
    /// Gives what a container writes to its end, line by line: from its beginning, or from now on.
    /// </summary>
    /// <exception cref="NotFoundException">The container is gone.</exception>
    Task<IOutputReader> ReadLogAsync(TaskId id, bool fromStart, CancellationToken cancellationToken);

    /// <summary>Waits until a container has ended; gives its exit code.</summary>
    /// <exception cref="NotFoundException">The container is gone.</exception>
    Task<int> WaitAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>
    /// Sends SIGTERM, and SIGKILL where the container still runs ten seconds later. Succeeds where it has ended or is gone.
    /// </summary>
    Task StopAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Kills a container and removes it with its anonymous volumes. Succeeds where it is gone.</summary>
    Task RemoveAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>
    /// The tasks that have containers, ended or not, as far as those tell of them.
    /// One that was made and never started has no <see cref="TaskRecord.StartedAt"/>.
    /// </summary>
    Task<IReadOnlyList<TaskContainer>> ListAsync(CancellationToken cancellationToken);
}
