using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Tasks;
using Microsoft.Extensions.Hosting;

namespace Deployster.Application.Releases;

/// <summary>
/// Runs the release commands of deploys, each as a task whose id follows from the deploy. So it is found by whoever carries
/// the deploy on, and never runs twice: its container stays, with the deploy's intention, until the deploy has units.
/// </summary>
internal sealed class Releases(
    IFleetClient fleet,
    ITaskEngine engine,
    ITaskHistory history,
    TaskArchive archive,
    LiveTasks tasks,
    TaskRunner runner,
    ImageClaims claims,
    LiveRollouts rollouts,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    // How long somebody else may take from making the container to starting it.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TaskId, LiveTask> _known = new();
    private readonly ConcurrentDictionary<TaskId, bool> _starting = new();

    private CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Whether a rollout depends on its release command at the moment.</summary>
    public static bool IsDue(LiveRollout rollout, FleetReading reading) =>
        rollout.Record.Intention.RunsRelease && rollout.Memory is { IsReleased: false } && !reading.Of(rollout.Record.DeployId).Any();

    /// <summary>Looks how far the release command of a rollout has come, and takes it up where nobody carries it through.</summary>
    /// <exception cref="FleetUnavailableException">The engine does not tell.</exception>
    public async Task LookAsync(LiveRollout rollout, CancellationToken cancellationToken)
    {
        var id = IdOf(rollout);
        if (_known.TryGetValue(id, out var known))
        {
            rollout.TakeRelease(StateOf(known));
        }
        else if (rollout.Memory.Release is null)
        {
            await FindAsync(rollout, id, cancellationToken);
        }
    }

    /// <summary>Starts the release command of a rollout. While it is being started, or has been, does nothing.</summary>
    /// <exception cref="FleetUnavailableException">The engine is away.</exception>
    /// <exception cref="TaskRefusedException">The registry is away, or the engine about to end: it is to be tried again.</exception>
    public async Task StartAsync(LiveRollout rollout)
    {
        var id = IdOf(rollout);
        if (_known.ContainsKey(id) || !_starting.TryAdd(id, true))
        {
            return;
        }

        try
        {
            await StartAsync(rollout, id);
        }
        catch (TaskRefusedException e) when (!e.MayPass)
        {
            rollout.TakeRelease(ReleaseState.Failed($"The release command could not be run: {e.Message}"));
        }
        catch (TaskExistsException)
        {
            // Somebody else has started it, and it is looked for.
            rollout.ForgetRelease();
        }
        catch
        {
            // Whether its container is there only the engine can tell.
            rollout.ForgetRelease();
            throw;
        }
        finally
        {
            _starting.TryRemove(id, out _);
        }
    }

    /// <summary>Has the release command of a rollout stopped.</summary>
    public void Stop(LiveRollout rollout)
    {
        if (_known.TryGetValue(IdOf(rollout), out var task))
        {
            task.Stop(TaskEnd.Cancelled(null));
        }
    }

    /// <summary>Removes what is left of a release command whose end need not be known any more.</summary>
    public async Task ForgetAsync(LiveRollout rollout)
    {
        var id = IdOf(rollout);
        if (_known.TryRemove(id, out _) || !rollout.IsReleaseForgotten)
        {
            rollout.IsReleaseForgotten = true;
            await runner.PersistAsync(id, async token =>
            {
                await engine.RemoveAsync(id, token);
                await EndAsync(rollout, id, token);
            });
        }
    }

    // One that could not be started, or was lost, has ended with its deploy.
    private async Task EndAsync(LiveRollout rollout, TaskId id, CancellationToken cancellationToken)
    {
        if (!rollout.IsUnderWay && tasks.Find(id) is null && await history.FindAsync(id, cancellationToken) is { End: null } unfinished)
        {
            var end = rollout.Record.Status == DeployStatus.Cancelled ? TaskEnd.Cancelled(null) : TaskEnd.Lost(rollout.Record.Message ?? "");
            await archive.SaveAsync(unfinished with { End = end, EndedAt = time.GetUtcNow() }, cancellationToken);
        }
    }

    private static TaskId IdOf(LiveRollout rollout) => TaskId.ForRelease(rollout.Record.DeployId, rollout.Record.Intention.RequestedAt);

    private static ReleaseState StateOf(LiveTask task) => !task.Ended.IsCompleted ? ReleaseState.Running : StateOf(task.Record.End!);

    private static ReleaseState StateOf(TaskEnd end) => end.Status == TaskRunStatus.Succeeded
        ? ReleaseState.Succeeded
        : ReleaseState.Failed($"The release command has failed: {end}");

    private async Task FindAsync(LiveRollout rollout, TaskId id, CancellationToken cancellationToken)
    {
        if (tasks.Find(id) is { } live)
        {
            Follow(rollout, live);
            return;
        }

        var container = (await engine.ListAsync(cancellationToken)).FirstOrDefault(found => found.Task.Id == id);
        if (container is { Intention: { } intention })
        {
            rollout.TakeSecrets(intention.Spec);
        }

        if (container is { Task.StartedAt: not null } or { IsRunning: true })
        {
            var task = new LiveTask(container.Task, archive.OpenOutput(id));
            tasks.TakeUp(task);
            Follow(rollout, task);
            runner.TakeUp(task);
        }
        else if (container is not null)
        {
            if ((time.GetUtcNow() - container.Task.RequestedAt).Duration() > s_startLimit)
            {
                await engine.RemoveAsync(id, cancellationToken);
                rollout.TakeRelease(ReleaseState.NotBegun);
            }
        }
        else if (await AskAsync(id, cancellationToken) is { } told)
        {
            rollout.TakeRelease(told);
        }
    }

    // Null where the history does not tell, which is not to be taken for an answer.
    private async Task<ReleaseState?> AskAsync(TaskId id, CancellationToken cancellationToken)
    {
        try
        {
            return await history.FindAsync(id, cancellationToken) switch
            {
                { End: { } end } => StateOf(end),
                { StartedAt: not null } => ReleaseState.Failed("The release command was lost: its container is gone, and nobody has seen its end."),
                _ => ReleaseState.NotBegun,
            };
        }
        catch (HistoryUnavailableException)
        {
            return null;
        }
    }

    private async Task StartAsync(LiveRollout rollout, TaskId id)
    {
        var intention = rollout.Record.Intention;
        using var claim = await claims.ClaimAsync(intention.Image, intention.ImageId, Stopping);
        var image = await engine.PrepareImageAsync(intention.Image, Stopping);
        var spec = intention.Spec;
        var isLine = spec.ReleaseLine is not null && ShellEntrypoint.TakesLine(image.Entrypoint);
        var record = new TaskRecord
        {
            Id = id,
            Service = rollout.Record.DeployId.Service,
            Version = rollout.Record.DeployId.Version,
            ReleaseOf = rollout.Record.DeployId.Timestamp,
            Image = intention.Image,
            ImageId = intention.ImageId ?? image.Id,
            Command = isLine ? [spec.ReleaseLine!] : spec.ReleaseCommand,
            Timeout = spec.ReleaseTimeout,
            RequestedAt = time.GetUtcNow(),
            Requester = rollout.Record.Requester,
        };

        // The units are to run what the release command has run, whatever the tag means by then.
        if (fleet.Traits.RunsTasks)
        {
            rollout.TakeImage(record.ImageId);
            intention = rollout.Record.Intention;
        }

        // First the history: it tells whether it may have been started.
        await archive.TrySaveAsync(record, Stopping);
        if (!rollout.TryBeginRelease())
        {
            return;
        }

        var output = await engine.StartAsync(
            new TaskDefinition(record, spec) { Intention = intention, StopTimeout = spec.StopTimeout }, Stopping);
        var task = new LiveTask(record with { StartedAt = time.GetUtcNow() }, archive.OpenOutput(id));
        tasks.TakeUp(task);
        Follow(rollout, task);
        await runner.CarryAsync(task, output);
    }

    // From its beginning: what it writes is told with the deploy's events.
    private void Follow(LiveRollout rollout, LiveTask task)
    {
        _known[task.Record.Id] = task;
        rollout.TakeRelease(ReleaseState.Running);
        if (rollout.Events.All(happened => happened.Happened.Kind != RolloutEventKind.Releasing))
        {
            rollout.Tell(time.GetUtcNow(), new RolloutEvent(RolloutEventKind.Releasing, $"Running the release command as task {task.Record.Id}"));
        }

        _ = ReleaseOutput.TellAsync(rollout, task.Output.Follow(), time, Stopping);
        _ = task.Ended.ContinueWith(_ => rollouts.Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
