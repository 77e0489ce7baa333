using System.Globalization;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>Watches a task's container to its end, and stops it when that is asked for or its time is up.</summary>
internal sealed partial class TaskWatch(ITaskEngine engine, TimeProvider time, ILogger<TaskWatch> logger)
{
    /// <summary>How long after a task's deadline an engine that is away may come back.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    // Between the end of the output and the engine's word that the container has ended.
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<OutputSource, long> s_nothing = [];

    /// <summary>Watches a task that has started.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attached">What it writes; null where nobody has been reading it.</param>
    /// <param name="cancellationToken">Ends the watch; the task runs on.</param>
    public async Task<TaskEnd> WatchAsync(RunningTask task, IOutputReader? attached, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stopping = StopWhenDueAsync(task, over.Token);
        try
        {
            return await FollowToEndAsync(task, attached, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await stopping;
        }
    }

    private async Task<TaskEnd> FollowToEndAsync(RunningTask task, IOutputReader? attached, CancellationToken cancellationToken)
    {
        FleetUnavailableException? trouble = null;
        while (true)
        {
            try
            {
                if (await FollowAsync(task, attached, cancellationToken) is { } end)
                {
                    return end.ExitCode == 0 || trouble is null
                        ? end
                        : end with { Message = $"The engine was away while the task ran: {trouble.Message}" };
                }
            }
            catch (NotFoundException)
            {
                return TaskEnd.Lost("The task's container is gone: somebody else has removed it.");
            }
            catch (FleetUnavailableException e)
            {
                LogAway(task.Record.Id.Value, e.Message);
                if (time.GetUtcNow() > task.Record.Deadline + Patience)
                {
                    return TaskEnd.Lost(e.Message);
                }

                trouble = e;
                await Task.Delay(s_pause, time, cancellationToken);
            }

            attached = null;
        }
    }

    /// <summary>Follows the output to its end; gives the task's, or null where it turns out that the task goes on.</summary>
    private async Task<TaskEnd?> FollowAsync(RunningTask task, IOutputReader? attached, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Begun before the end, so that the exit code comes even if somebody else removes the container then.
        var exit = engine.WaitAsync(task.Record.Id, over.Token);
        try
        {
            var lost = await CopyAsync(task, attached, cancellationToken);
            var end = TaskEnd.Exited(await exit.WaitAsync(s_endLimit, time, cancellationToken));
            return lost == 0
                ? end
                : end with { Message = string.Create(CultureInfo.InvariantCulture, $"The last {lost} bytes of its output could not be kept.") };
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task<long> CopyAsync(RunningTask task, IOutputReader? attached, CancellationToken cancellationToken)
    {
        if (attached is null)
        {
            return await CatchUpAsync(task, cancellationToken);
        }

        using (attached)
        {
            return await OutputCopy.CopyAsync(attached, task.Output, s_nothing, cancellationToken);
        }
    }

    private async Task<long> CatchUpAsync(RunningTask task, CancellationToken cancellationToken)
    {
        var output = task.Output;
        if (output.IsCut)
        {
            // The engine keeps no more than the output does: how much of its log is new cannot be told.
            OutputCopy.Note(output, "What the task wrote while Deployster lost sight of it is missing here.");
        }

        using var log = await engine.ReadLogAsync(task.Record.Id, fromStart: !output.IsCut, cancellationToken);
        var known = output.IsCut
            ? s_nothing
            : Enum.GetValues<OutputSource>().ToDictionary(source => source, output.LengthOf);
        return await OutputCopy.CopyAsync(log, output, known, cancellationToken);
    }

    private async Task StopWhenDueAsync(RunningTask task, CancellationToken over)
    {
        try
        {
            await WaitUntilDueAsync(task, over);
            while (!await TryStopAsync(task.Record.Id, over))
            {
                await Task.Delay(s_pause, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It has ended by itself.
        }
    }

    private async Task WaitUntilDueAsync(RunningTask task, CancellationToken over)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(over, task.Stopping);
        try
        {
            var rest = task.Record.Deadline!.Value - time.GetUtcNow();
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, due.Token);
            task.Stop(TaskEnd.TimedOut(task.Record.Timeout));
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            // Somebody wants it to be stopped before.
        }
    }

    private async Task<bool> TryStopAsync(TaskId id, CancellationToken over)
    {
        try
        {
            await engine.StopAsync(id, over);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotStopped(id.Value, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Task {Id} runs unseen: {Cause}")]
    private partial void LogAway(string id, string cause);

    [LoggerMessage(LogLevel.Warning, "Task {Id} could not be stopped and is tried again: {Cause}")]
    private partial void LogNotStopped(string id, string cause);
}
