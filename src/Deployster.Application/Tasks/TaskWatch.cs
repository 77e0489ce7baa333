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

    /// <summary>Watches a task that has started.</summary>
    /// <param name="task">The task.</param>
    /// <param name="attached">What it writes; null where nobody has been reading it.</param>
    /// <param name="cancellationToken">Ends the watch; the task runs on.</param>
    public async Task<TaskEnd> WatchAsync(LiveTask task, IOutputReader? attached, CancellationToken cancellationToken)
    {
        var deadline = new TaskDeadline(task.Record, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stopping = StopWhenDueAsync(task, deadline, over.Token);
        try
        {
            return await FollowToEndAsync(task, deadline, attached, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await stopping;
        }
    }

    private async Task<TaskEnd> FollowToEndAsync(
        LiveTask task, TaskDeadline deadline, IOutputReader? attached, CancellationToken cancellationToken)
    {
        var copy = new OutputCopy(task.Output);
        string? trouble = null;
        while (true)
        {
            try
            {
                if (await FollowAsync(task, copy, attached, cancellationToken) is { } end)
                {
                    return end.ExitCode == 0 || trouble is null ? end : end with { Message = $"{trouble} {end.Message}".TrimEnd() };
                }
            }
            catch (NotFoundException)
            {
                return TaskEnd.Lost("The task's container is gone: somebody else has removed it.");
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, it must not end the task before its time.
                trouble = Explain(e, task.Record.Id);
                if (deadline.Rest < -Patience)
                {
                    return TaskEnd.Lost(e is FleetUnavailableException ? e.Message : trouble);
                }

                await Task.Delay(s_pause, time, cancellationToken);
            }

            attached = null;
        }
    }

    private string Explain(Exception exception, TaskId id)
    {
        if (exception is FleetUnavailableException)
        {
            LogAway(id.Value, exception.Message);
            return $"The engine was away while the task ran: {exception.Message}";
        }

        LogUnexpected(exception, id.Value);
        return "Something went wrong within Deployster while the task ran; its log tells what.";
    }

    /// <summary>Follows the output to its end; gives the task's, or null where it turns out that the task goes on.</summary>
    private async Task<TaskEnd?> FollowAsync(
        LiveTask task, OutputCopy copy, IOutputReader? attached, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Begun before the end, so that the exit code comes even if somebody else removes the container then.
        var exit = engine.WaitAsync(task.Record.Id, over.Token);
        try
        {
            await CopyAsync(task, copy, attached, cancellationToken);
            return TaskEnd.Exited(await exit.WaitAsync(s_endLimit, time, cancellationToken)) with { Message = copy.Trouble };
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

    private async Task CopyAsync(LiveTask task, OutputCopy copy, IOutputReader? attached, CancellationToken cancellationToken)
    {
        if (attached is not null)
        {
            using (attached)
            {
                await copy.CopyOnAsync(attached, cancellationToken);
                return;
            }
        }

        // Of an output that is cut the engine keeps no more either: how much of its log is new cannot be told.
        var isCut = task.Output.IsCut;
        using var log = await engine.ReadLogAsync(task.Record.Id, fromStart: !isCut, cancellationToken);
        await (isCut ? copy.CopyAfterGapAsync(log, cancellationToken) : copy.CopyRestAsync(log, cancellationToken));
    }

    private async Task StopWhenDueAsync(LiveTask task, TaskDeadline deadline, CancellationToken over)
    {
        try
        {
            await WaitUntilDueAsync(task, deadline, over);
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

    private async Task WaitUntilDueAsync(LiveTask task, TaskDeadline deadline, CancellationToken over)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(over, task.Stopping);
        try
        {
            await Task.Delay(deadline.Limit, time, due.Token);
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
        catch (Exception e) when (!over.IsCancellationRequested)
        {
            LogNotStopped(id.Value, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Task {Id} runs unseen: {Cause}")]
    private partial void LogAway(string id, string cause);

    [LoggerMessage(LogLevel.Error, "Following task {Id} failed and is tried again")]
    private partial void LogUnexpected(Exception exception, string id);

    [LoggerMessage(LogLevel.Warning, "Task {Id} could not be stopped and is tried again: {Cause}")]
    private partial void LogNotStopped(string id, string cause);
}
