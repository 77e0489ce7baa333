using Deployster.Application.Output;
using Deployster.Application.Rollouts;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Tasks;

/// <summary>Starts tasks and carries them through, whoever waits for them or does not.</summary>
internal sealed partial class TaskRunner(
    ITaskEngine engine,
    TaskWatch watch,
    TaskArchive archive,
    LiveTasks tasks,
    LiveRollouts rollouts,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<TaskRunner> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private CancellationToken Shutdown => lifetime.ApplicationStopping;

    /// <summary>Starts a task; returns when it has started, or has been cancelled before.</summary>
    /// <param name="task">The task.</param>
    /// <param name="define">Makes its definition, now that its image is known.</param>
    public async Task StartAsync(LiveTask task, Func<TaskImage, TaskDefinition> define)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(Shutdown, task.Stopping);
        var mayHaveContainer = false;
        IOutputReader output;
        try
        {
            await archive.TrySaveAsync(task.Record, interrupted.Token);
            var definition = define(await engine.PrepareImageAsync(task.Record.Image, interrupted.Token));
            mayHaveContainer = true;
            output = await engine.StartAsync(definition, interrupted.Token);
            task.Begin(definition.Record with { StartedAt = time.GetUtcNow() });
        }
        catch (OperationCanceledException) when (task.Stopping.IsCancellationRequested)
        {
            await EndAsync(task, TaskEnd.Cancelled(null), mayHaveContainer);
            return;
        }
        catch (Exception e) when (!Shutdown.IsCancellationRequested)
        {
            await EndAsync(task, TaskEnd.Lost(e.Message), mayHaveContainer);
            throw;
        }

        await CarryAsync(task, output);
    }

    /// <summary>Carries a task through that has just been started.</summary>
    public async Task CarryAsync(LiveTask task, IOutputReader output)
    {
        LogStarted(task.Record.Id.Value, task.Record.Image);
        _ = CarryThroughAsync(task, output);
        await archive.TrySaveAsync(task.Record, Shutdown);
    }

    /// <summary>Carries a task through that runs already, or has ended unseen.</summary>
    public void TakeUp(LiveTask task)
    {
        LogAdopted(task.Record.Id.Value, task.Record.Image);
        _ = CarryThroughAsync(task, null);
    }

    /// <summary>Ends a task: removes what is left of it, writes it down and tells whoever waits.</summary>
    public async Task EndAsync(LiveTask task, TaskEnd end, bool mayHaveContainer = true)
    {
        var id = task.Record.Id;
        task.End(end, time.GetUtcNow());

        // A release command's container tells whoever takes the deploy up that it has run.
        if (mayHaveContainer && !rollouts.IsUnderWay(task.Record.ReleasedDeploy))
        {
            await PersistAsync(id, token => engine.RemoveAsync(id, token));
        }

        await PersistAsync(id, token => archive.SaveAsync(task.Record, token));
        LogEnded(id.Value, task.Record.End!.ToString());
        tasks.Remove(id);
        task.Dispose();
    }

    /// <summary>Does something for a task, or, where that fails, goes on trying while nobody waits.</summary>
    public async Task PersistAsync(TaskId id, Func<CancellationToken, Task> action)
    {
        if (!await TryAsync(id, action))
        {
            tasks.Unsettle(id);
            _ = RetryAsync(id, action);
        }
    }

    private async Task CarryThroughAsync(LiveTask task, IOutputReader? output)
    {
        try
        {
            await EndAsync(task, await watch.WatchAsync(task, output, Shutdown));
        }
        catch (OperationCanceledException) when (Shutdown.IsCancellationRequested)
        {
            // The task runs on; the next Deployster takes it up.
        }
        catch (Exception e)
        {
            LogUnexpected(e, task.Record.Id.Value);
            await EndAsync(task, TaskEnd.Lost("Something went wrong within Deployster; its log tells what."));
        }
    }

    private async Task RetryAsync(TaskId id, Func<CancellationToken, Task> action)
    {
        try
        {
            do
            {
                await Task.Delay(s_pause, time, Shutdown);
            }
            while (!await TryAsync(id, action));
            tasks.Settle(id);
        }
        catch (OperationCanceledException)
        {
            // What is left is found by the next Deployster.
        }
    }

    private async Task<bool> TryAsync(TaskId id, Func<CancellationToken, Task> action)
    {
        try
        {
            await action(Shutdown);
            return true;
        }
        catch (Exception e) when (!Shutdown.IsCancellationRequested)
        {
            LogRetrying(id.Value, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Task {Id} has started in {Image}")]
    private partial void LogStarted(string id, string image);

    [LoggerMessage(LogLevel.Information, "Taking up task {Id} in {Image}")]
    private partial void LogAdopted(string id, string image);

    [LoggerMessage(LogLevel.Information, "Task {Id}: {End}")]
    private partial void LogEnded(string id, string end);

    [LoggerMessage(LogLevel.Warning, "What is left to do for task {Id} is tried again: {Cause}")]
    private partial void LogRetrying(string id, string cause);

    [LoggerMessage(LogLevel.Error, "Watching task {Id} failed")]
    private partial void LogUnexpected(Exception exception, string id);
}
