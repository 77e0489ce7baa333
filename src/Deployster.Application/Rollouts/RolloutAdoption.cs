using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>Takes up the rollouts that nobody carries on: those that the fleet itself tells of, and those that the history does.</summary>
internal sealed partial class RolloutAdoption(
    DeployArchive archive, LiveRollouts rollouts, DeployMetrics metrics, TimeProvider time, ILogger<RolloutAdoption> logger) : IDisposable
{
    /// <summary>How long a rollout that shows in the fleet waits for a history that does not tell of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<DeployId, TimeSpan> _waiting = new();
    private readonly ConcurrentDictionary<DeployId, bool> _ended = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>
    /// Ends when it has been tried for the first time: before, nobody knows what is under way.
    /// Fails with a <see cref="FleetUnavailableException"/> where the fleet did not answer, and with whatever else went wrong.
    /// </summary>
    public Task Attempted => _attempted.Task;

    /// <summary>Whether all that the history tells of has been taken up: whatever else there is has no rollout.</summary>
    public bool HasTakenUpAll { get; private set; }

    /// <summary>The first attempt has failed: who waits for it waits no longer.</summary>
    public void Fail(Exception trouble) => _attempted.TrySetException(trouble);

    /// <summary>Takes up what the history tells of, once; false where it tells nothing at the moment.</summary>
    public async Task<bool> TakeUpFromHistoryAsync(FleetReading reading, CancellationToken cancellationToken)
    {
        try
        {
            await TakeUpFromFleetAsync(reading, cancellationToken);
            if (await archive.TryListUnfinishedAsync(cancellationToken) is not { Value: var unfinished })
            {
                return false;
            }

            foreach (var record in unfinished.Where(record => rollouts.Find(record.DeployId) is null))
            {
                if (await archive.TryReadEventsAsync(record.DeployId, cancellationToken) is not { Value: var events })
                {
                    return false;
                }

                TakeUp(record, events, reading);
            }

            return HasTakenUpAll = true;
        }
        finally
        {
            _attempted.TrySetResult();
        }
    }

    /// <summary>
    /// Takes up what the fleet's units tell of. A rollout whose end is written down is over, whatever of it is left;
    /// while the history does not tell, it waits for a while.
    /// </summary>
    /// <returns>The rollouts that show in the fleet and wait for the history.</returns>
    public async Task<IReadOnlyList<DeployId>> TakeUpFromFleetAsync(FleetReading reading, CancellationToken cancellationToken)
    {
        List<DeployId> waiting = [];
        foreach (var deploy in UnfinishedRollouts.Find(reading.Units).Where(deploy => !_ended.ContainsKey(deploy.Id)))
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (rollouts.Find(deploy.Id) is null && !await TryTakeUpAsync(deploy, reading, cancellationToken))
                {
                    waiting.Add(deploy.Id);
                }
            }
            finally
            {
                _turn.Release();
            }
        }

        return waiting;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> TryTakeUpAsync(Deploy deploy, FleetReading reading, CancellationToken cancellationToken)
    {
        var now = time.GetMonotonicTime();
        if (await archive.TryFindAsync(deploy.Id, cancellationToken) is { Value: var record }
            && await archive.TryReadEventsAsync(deploy.Id, cancellationToken) is { Value: var events })
        {
            if (record is { Status: not DeployStatus.InProgress })
            {
                _ended[deploy.Id] = true;
            }
            else
            {
                TakeUp(record ?? new DeployRecord { DeployId = deploy.Id, Intention = deploy.Intention }, events, reading);
            }
        }
        else if (now - _waiting.GetOrAdd(deploy.Id, now) < Patience)
        {
            return false;
        }
        else
        {
            // All that decides stands in the fleet; what the history has to say of the past is told later.
            TakeUp(new DeployRecord { DeployId = deploy.Id, Intention = deploy.Intention }, null, reading);
        }

        _waiting.TryRemove(deploy.Id, out _);
        return true;
    }

    private void TakeUp(DeployRecord record, IReadOnlyList<DeployEvent>? events, FleetReading reading)
    {
        var now = time.GetUtcNow();
        var deploy = new Deploy(record.DeployId, record.Intention);
        var begun = RolloutMemory.TakeUp(deploy, time.GetMonotonicTime(), now);
        var memory = begun with
        {
            GivingUp = FindGivingUp(record, events ?? []),
            Deadline = HadCanary(events ?? []) ? time.GetMonotonicTime() + record.Intention.Spec.Deadline : begun.Deadline,
            IsPromoted = events?.Any(told => told.Happened.Kind == RolloutEventKind.Promoted) == true,
            CanarySince = FindCanarySince(events ?? [], now),
        };
        var rollout = new LiveRollout(record, memory, events);

        var hasUnits = reading.Of(record.DeployId).Any();
        var isOvertaken = reading.Of(record.DeployId.Service).Any(unit => unit.Intention?.RequestedAt > record.Intention.RequestedAt);
        if (!hasUnits && memory.GivingUp is null && (isOvertaken || now > record.Intention.Deadline))
        {
            const string Reason = "Deployster was stopped during it, and its units are gone.";
            if (reading.Units.Any(unit => deploy.IsReplaced(unit) && unit.Wanted == Wanted.Stopped))
            {
                // What it stopped has to come back.
                rollout = new LiveRollout(record, memory with { GivingUp = new GivingUp(DeployStatus.RolledBack, Reason) }, events);
            }
            else
            {
                rollout.End(new RolloutOutcome(DeployStatus.Failed, Reason), RolloutEventKind.Failed, now);
                metrics.CountEnd(DeployStatus.Failed);
            }
        }

        LogTakenUp(record.DeployId.ToString(), rollout.Record.Status);
        rollouts.Add(rollout);
    }

    // Over a restart its time goes on by the wall clock. One that has fallen ill meanwhile waits anew.
    private TimeSpan? FindCanarySince(IReadOnlyList<DeployEvent> events, DateTimeOffset now) =>
        events.LastOrDefault(told => told.Happened.Kind == RolloutEventKind.CanaryWaiting) is { } waiting
            ? time.GetMonotonicTime() - (now > waiting.Time ? now - waiting.Time : TimeSpan.Zero)
            : null;

    // The deadline stands still while a canary waits, and nobody knows for how long that was.
    private static bool HadCanary(IReadOnlyList<DeployEvent> events) =>
        events.Any(told => told.Happened.Kind is RolloutEventKind.CanaryWaiting or RolloutEventKind.Promoted);

    // Without it a rollout that was given up, and whose units are gone already, would begin anew.
    private static GivingUp? FindGivingUp(DeployRecord record, IReadOnlyList<DeployEvent> events)
    {
        var decided = events.LastOrDefault(happened =>
            happened.Happened.Kind is RolloutEventKind.GivingUp or RolloutEventKind.Cancelling);
        return decided?.Happened switch
        {
            null => null,
            { Kind: RolloutEventKind.Cancelling } cancelling => new GivingUp(DeployStatus.Cancelled, cancelling.Message),
            var givingUp => new GivingUp(
                record.Intention.DestroyPrevious ? DeployStatus.RolledBack : DeployStatus.Cancelled, givingUp.Message, givingUp.Unit),
        };
    }

    [LoggerMessage(LogLevel.Information, "Taking up {Deploy}: {Status}")]
    private partial void LogTakenUp(string deploy, DeployStatus status);
}
