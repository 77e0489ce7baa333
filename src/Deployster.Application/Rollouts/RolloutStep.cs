using Deployster.Application.Fleet;
using Deployster.Application.Pruning;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>Takes one rollout one step on: plans by a reading, tells what has happened, and has the actions done.</summary>
internal sealed partial class RolloutStep(
    DeployActions actions,
    LiveRollouts rollouts,
    DeployArchive archive,
    UnitKeeper keeper,
    LastLines lastLines,
    DeployMetrics metrics,
    DuePrunes prunes,
    Releases.Releases releases,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RolloutStep> logger)
{
    private CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>
    /// Begins a rollout that was just registered, by its first plan and the reading on which that rests. Ends when the fleet
    /// has been told to make its units, or has not taken it: then it is tried again.
    /// </summary>
    public Task BeginAsync(LiveRollout rollout, RolloutPlan first, FleetReading reading) => Task.WhenAll(
        first.Actions.Where(action => action.DeployId == rollout.Record.DeployId).Where(action => !IsRelease(rollout, action, reading)).Select(action => RunAsync(rollout, action, reading)));

    /// <summary>Takes the next step. Whatever goes wrong with it, the other rollouts go on.</summary>
    public async Task TryTakeAsync(LiveRollout rollout, FleetReading reading, CancellationToken cancellationToken)
    {
        try
        {
            await TakeAsync(rollout, reading, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnexpected(e, rollout.Record.DeployId.ToString());
        }
    }

    /// <summary>Tells all rollouts under way what stands in their way.</summary>
    public void TellAll(string message)
    {
        foreach (var rollout in rollouts.UnderWay)
        {
            Tell(rollout, message);
        }
    }

    private async Task TakeAsync(LiveRollout rollout, FleetReading reading, CancellationToken cancellationToken)
    {
        if (reading.Of(rollout.Record.DeployId).Select(unit => unit.Intention?.ImageId).FirstOrDefault(id => id is not null) is { } image)
        {
            rollout.TakeImage(image);
        }

        if (Releases.Releases.IsDue(rollout, reading))
        {
            await LookAtReleaseAsync(rollout, cancellationToken);
        }

        RolloutPlan plan;
        RolloutMemory basis;
        do
        {
            basis = rollout.Memory;
            plan = RolloutPlanner.Plan(rollout.Deploy, reading.Units, basis, time.GetMonotonicTime());
            if (plan.Outcome is not null && IsOutdated(rollout, reading))
            {
                // A unit that is still being made would outlive the end.
                return;
            }

            plan = await lastLines.AddToAsync(plan, cancellationToken);
        }
        while (!rollout.TryTake(plan, basis, time.GetUtcNow()));

        if (!plan.Events.IsEmpty)
        {
            await archive.TrySaveAsync(rollout, cancellationToken);
        }

        if (plan.Outcome is { } outcome)
        {
            await EndAsync(rollout, outcome, cancellationToken);
        }

        foreach (var action in plan.Actions)
        {
            _ = RunAsync(rollout, action, reading);
        }

        TakeBack(rollout, plan, reading);

        // A unit that is still being made may come to nothing, and its deploy's secrets with it.
        if (rollout.Record.Intention.RunsRelease
            && (plan.Outcome is not null || reading.Of(rollout.Record.DeployId).Any(unit => unit.Run is not null || unit.IsHealthy)))
        {
            _ = releases.ForgetAsync(rollout);
        }
    }

    private async Task LookAtReleaseAsync(LiveRollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            await releases.LookAsync(rollout, cancellationToken);
        }
        catch (FleetUnavailableException e)
        {
            Tell(rollout, $"{e.Message}; trying again");
        }
    }

    // A release command takes as long as it takes: whoever asks for a deploy does not wait for it.
    private bool IsRelease(LiveRollout rollout, RolloutAction action, FleetReading reading)
    {
        if (action is not RunRelease)
        {
            return false;
        }

        _ = RunAsync(rollout, action, reading);
        return true;
    }

    // What a plan before wanted to stop or destroy, and this one does not, is needed again: the new units have fallen ill,
    // or are given up.
    private void TakeBack(LiveRollout rollout, RolloutPlan plan, FleetReading reading)
    {
        if (plan.Outcome is { Status: DeployStatus.Succeeded })
        {
            return;
        }

        var leaving = plan.Actions.SelectMany(action => action switch
        {
            KeepUnits keep => keep.StopFirst,
            DestroyUnits destroy => destroy.Units,
            _ => Enumerable.Empty<UnitName>(),
        }).ToHashSet();
        foreach (var unit in reading.Units.Where(rollout.Deploy.IsReplaced)
            .Where(unit => unit.Wanted != Wanted.Stopped && !leaving.Contains(unit.Name)))
        {
            actions.StopDraining(unit.Name);
        }
    }

    private Task Stop(LiveRollout rollout)
    {
        releases.Stop(rollout);
        return Task.CompletedTask;
    }

    private bool IsOutdated(LiveRollout rollout, FleetReading reading) =>
        rollout.Record.Intention.Replaces.Select(rollout.Deploy.IdOf).Prepend(rollout.Record.DeployId)
            .Any(deployId => actions.IsOutdated(deployId, reading));

    private async Task EndAsync(LiveRollout rollout, RolloutOutcome outcome, CancellationToken cancellationToken)
    {
        metrics.CountEnd(outcome.Status);
        LogEnded(rollout.Record.DeployId.ToString(), outcome.Status, outcome.Message);
        keeper.Note(rollout.Record);
        if (outcome.Status == DeployStatus.Succeeded)
        {
            foreach (var replaced in rollout.Record.Intention.Replaces)
            {
                await keeper.KeepAsync(rollout.Deploy.IdOf(replaced), 0, cancellationToken);
            }

            prunes.Add(rollout.Record.DeployId.Service);
        }
    }

    private async Task RunAsync(LiveRollout rollout, RolloutAction action, FleetReading reading)
    {
        try
        {
            await (action switch
            {
                // The next plan asks again, by a picture that shows what was made.
                KeepUnits keep when actions.IsOutdated(keep.DeployId, reading) => Task.CompletedTask,
                KeepUnits keep => actions.KeepAsync(TargetOf(rollout, keep, reading), Stopping),
                RunRelease => releases.StartAsync(rollout),
                StopRelease => Stop(rollout),
                MarkGone mark => actions.MarkGoneAsync(mark.Units, Stopping),
                StopUnits stop => Task.WhenAll(stop.Units.Select(unit => LeaveAsync(rollout, unit, nameof(StopUnits), actions.StopAsync))),
                DestroyUnits destroy => Task.WhenAll(destroy.Units.Select(unit => LeaveAsync(rollout, unit, nameof(DestroyUnits), actions.DestroyAsync))),
                _ => throw new InvalidOperationException($"{action.GetType().Name} is no action that can be done."),
            });
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The next Deployster goes on.
        }
        catch (SpecRefusedException e) when (action.DeployId == rollout.Record.DeployId)
        {
            rollout.Refuse($"The fleet refuses it: {e.Message}");
        }
        catch (Exception e)
        {
            LogActionFailed(action.DeployId.ToString(), action.GetType().Name, e.Message);
            Tell(rollout, $"{action.DeployId}: {e.Message}; trying again");
        }
    }

    private async Task LeaveAsync(
        LiveRollout rollout, UnitName unit, string action, Func<UnitName, CancellationToken, Task> leaveAsync)
    {
        if (actions.IsLeaving(unit))
        {
            return;
        }

        try
        {
            await leaveAsync(unit, Stopping);
        }
        catch (Exception e) when (!Stopping.IsCancellationRequested)
        {
            LogActionFailed(unit.ToString(), action, e.Message);
            Tell(rollout, $"{unit}: {e.Message}; trying again");
        }
    }

    private static DeployTarget TargetOf(LiveRollout rollout, KeepUnits keep, FleetReading reading)
    {
        var units = reading.Of(keep.DeployId).ToList();

        // What a rollout brings back replaces nothing: whoever reads it must not take it for a rollout of its own. A unit of
        // a later deploy, which was given the same name, is none of those.
        var intention = keep.DeployId == rollout.Record.DeployId
            ? rollout.Record.Intention
            : units.Where(rollout.Deploy.IsReplaced).Select(unit => unit.Intention).FirstOrDefault(other => other is not null) is { } known
                ? known with { Replaces = [] }
                : null;
        return new DeployTarget(keep.DeployId, keep.Units, keep.Running)
        {
            Intention = intention,
            StopFirst = keep.StopFirst,
            Seen = [.. units],
        };
    }

    private void Tell(LiveRollout rollout, string message) =>
        rollout.Tell(time.GetUtcNow(), new RolloutEvent(RolloutEventKind.Retrying, message));

    [LoggerMessage(LogLevel.Information, "{Deploy} {Status}: {Message}")]
    private partial void LogEnded(string deploy, DeployStatus status, string message);

    [LoggerMessage(LogLevel.Warning, "{Deploy}: {Action} failed and is tried again: {Cause}")]
    private partial void LogActionFailed(string deploy, string action, string cause);

    [LoggerMessage(LogLevel.Error, "Carrying {Deploy} on failed and is tried again")]
    private partial void LogUnexpected(Exception exception, string deploy);
}
