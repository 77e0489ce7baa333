using Deployster.Application.History;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>Removes the outputs of tasks that the history does not know, or no longer.</summary>
internal sealed partial class TaskSweep(
    ITaskHistory history, ITaskOutputs outputs, TaskArchive archive, LiveTasks tasks, ILogger<TaskSweep> logger)
{
    // So that one question to the history stays a small one.
    private const int BatchSize = 500;

    /// <summary>Sweeps once. Tasks of before must have been taken up: a container may be all that knows of its task.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var kept in outputs.List().Chunk(BatchSize))
            {
                await SweepAsync(kept, cancellationToken);
            }
        }
        catch (Exception e) when (e is HistoryUnavailableException or IOException or UnauthorizedAccessException)
        {
            LogNotSwept(e.Message);
        }
    }

    private async Task SweepAsync(IEnumerable<TaskId> kept, CancellationToken cancellationToken)
    {
        // Before the history is asked: a task that ends meanwhile has been written down when it is no longer our own.
        var ended = kept.Where(id => !tasks.IsOwn(id)).ToList();
        var known = await history.FindKnownAsync(ended, cancellationToken);
        foreach (var id in ended.Where(id => !known.Contains(id)))
        {
            LogSweeping(id.Value);
            archive.TryRemoveOutput(id);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removing the output of task {Id}, which is forgotten")]
    private partial void LogSweeping(string id);

    [LoggerMessage(LogLevel.Warning, "The outputs of forgotten tasks are left for now: {Cause}")]
    private partial void LogNotSwept(string cause);
}
