using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Deployster.Application.History;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;

namespace Deployster.Application.Rollouts;

/// <summary>A rollout that this process carries through, or that has just ended, with all that has happened to its deploy.</summary>
internal sealed class LiveRollout
{
    private readonly Lock _lock = new();
    private readonly HashSet<RolloutEvent> _told = [];
    private ImmutableList<DeployEvent> _events;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _savedId;
    private bool _isPastKnown;

    /// <param name="record">The deploy.</param>
    /// <param name="memory">What is known of its rollout.</param>
    /// <param name="events">What has happened to it and is written down; null where the history does not tell.</param>
    public LiveRollout(DeployRecord record, RolloutMemory memory, IReadOnlyList<DeployEvent>? events)
    {
        Memory = memory;
        _events = [.. events ?? []];
        _savedId = _events.IsEmpty ? 0 : _events[^1].Id;
        _isPastKnown = events is not null;
        Record = record with { Canary = CanaryState.Of(record, memory, _events) };
    }

    public DeployRecord Record { get; private set; }

    public Deploy Deploy => new(Record.DeployId, Record.Intention);

    public RolloutMemory Memory { get; private set; }

    public IReadOnlyList<DeployEvent> Events => _events;

    public bool IsUnderWay => Record.Status == DeployStatus.InProgress;

    public bool IsSaved { get; private set; }

    /// <summary>Called when something is to be written down although the rollout has ended, so that nobody looks at it any more.</summary>
    public Action TellUnsaved { get; set; } = () => { };

    public void Tell(DateTimeOffset now, params IEnumerable<RolloutEvent> happened)
    {
        lock (_lock)
        {
            Append(now, happened);
        }
    }

    /// <summary>
    /// Takes a plan that was made with <paramref name="basis"/>; false where something has been decided since.
    /// </summary>
    public bool TryTake(RolloutPlan plan, RolloutMemory basis, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(Memory, basis) || !IsUnderWay)
            {
                return false;
            }

            Memory = plan.Memory;
            if (plan.Outcome is { } outcome)
            {
                Record = Record with
                {
                    Status = outcome.Status,
                    Message = outcome.Message,
                    EndedAt = now > Record.Intention.RequestedAt ? now : Record.Intention.RequestedAt,
                    UnitCount = outcome.Status == DeployStatus.Succeeded ? Record.Intention.Spec.InstanceCount : Record.UnitCount,
                };
            }

            Append(now, plan.Events);
            Record = Record with { Canary = CanaryState.Of(Record, Memory, _events) };
            return true;
        }
    }

    /// <summary>Promotes the canary; false where none waits.</summary>
    public bool TryPromote(string reason, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (Record.Canary is not { IsWaiting: true } || Memory.GivingUp is not null)
            {
                return false;
            }

            Memory = Memory with { IsPromoted = true };
            Append(now, [new RolloutEvent(RolloutEventKind.Promoted, reason)]);
            Record = Record with { Canary = null };
            return true;
        }
    }

    /// <summary>Decides that the deploy is given up; false where the opposite, or its end, is decided already.</summary>
    public bool TryCancel(string reason, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!IsUnderWay || Memory.SucceedingSince is not null)
            {
                return false;
            }

            if (Memory.GivingUp is null)
            {
                Memory = Memory with { GivingUp = new GivingUp(DeployStatus.Cancelled, reason) };
                Append(now, [new RolloutEvent(RolloutEventKind.Cancelling, reason)]);
            }

            return true;
        }
    }

    /// <summary>Notes that the deploy has another number of instances now.</summary>
    public void Scale(int instanceCount, DateTimeOffset now, RolloutEvent happened)
    {
        lock (_lock)
        {
            var intention = Record.Intention;
            Record = Record with
            {
                Intention = intention with { Spec = intention.Spec with { InstanceCount = instanceCount } },
                UnitCount = instanceCount,
            };
            Append(now, [happened]);
        }
    }

    /// <summary>Notes how many units the deploy is to keep.</summary>
    public void KeepUnits(int count)
    {
        lock (_lock)
        {
            Record = Record with { UnitCount = count };
            NeedSaving();
        }
    }

    /// <summary>Notes which image the deploy's units run, now that it is known.</summary>
    public void TakeImage(string imageId)
    {
        lock (_lock)
        {
            if (Record.Intention.ImageId is null)
            {
                Record = Record with { Intention = Record.Intention with { ImageId = imageId } };
                NeedSaving();
            }
        }
    }

    /// <summary>Whether nothing is left of the deploy's release command.</summary>
    public bool IsReleaseForgotten { get; set; }

    /// <summary>Notes how far the deploy's release command has come.</summary>
    public void TakeRelease(ReleaseState state)
    {
        lock (_lock)
        {
            if (Memory.Release != state)
            {
                Memory = Memory with { Release = state };
            }
        }
    }

    /// <summary>Decides that the deploy's release command is started; false where the deploy is given up, or over.</summary>
    public bool TryBeginRelease()
    {
        lock (_lock)
        {
            if (!IsUnderWay || Memory is not { GivingUp: null, Refusal: null })
            {
                return false;
            }

            Memory = Memory with { Release = ReleaseState.Running };
            return true;
        }
    }

    /// <summary>Notes that it is not known how far the deploy's release command has come.</summary>
    public void ForgetRelease()
    {
        lock (_lock)
        {
            Memory = Memory with { Release = null };
        }
    }

    /// <summary>Takes the values of secrets that the history does not have.</summary>
    public void TakeSecrets(DeploySpec spec)
    {
        lock (_lock)
        {
            var intention = Record.Intention;
            Record = Record with { Intention = intention with { Spec = intention.Spec.WithSecretsOf(spec) } };
        }
    }

    /// <summary>Notes that the fleet refuses the deploy: the next plan ends it.</summary>
    public void Refuse(string refusal)
    {
        lock (_lock)
        {
            Memory = Memory with { Refusal = Memory.Refusal ?? refusal };
        }
    }

    /// <summary>Ends the deploy without a plan.</summary>
    public void End(RolloutOutcome outcome, RolloutEventKind kind, DateTimeOffset now)
    {
        var ending = new RolloutPlan([], [new RolloutEvent(kind, outcome.Message)], Memory) { Outcome = outcome };
        while (IsUnderWay && !TryTake(ending with { Memory = Memory }, Memory, now))
        {
        }
    }

    public async Task SaveAsync(IDeployHistory history, CancellationToken cancellationToken)
    {
        if (!_isPastKnown)
        {
            var deployId = Record.DeployId;
            TakePast(
                await history.FindAsync(deployId.Service, deployId.Version, deployId.Timestamp, cancellationToken),
                await history.ReadEventsAsync(deployId, 0, cancellationToken));
        }

        DeployRecord record;
        List<DeployEvent> events;
        lock (_lock)
        {
            record = Record;
            events = [.. _events.SkipWhile(happened => happened.Id <= _savedId)];
        }

        await history.SaveAsync(record, events, cancellationToken);
        lock (_lock)
        {
            _savedId = events.Count == 0 ? _savedId : events[^1].Id;
            IsSaved = ReferenceEquals(record, Record) && (_events.IsEmpty || _events[^1].Id == _savedId);
            TellChange();
        }
    }

    /// <summary>Ends when all that has happened is written down.</summary>
    public async Task WaitUntilSavedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_lock)
            {
                if (IsSaved)
                {
                    return;
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What has happened after the event <paramref name="after"/>, then what happens, until the rollout has ended.</summary>
    public async IAsyncEnumerable<DeployEvent> FollowAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            ImmutableList<DeployEvent> events;
            Task change;
            bool isLast;
            lock (_lock)
            {
                (events, change, isLast) = (_events, _change.Task, !IsUnderWay);
            }

            foreach (var happened in events.SkipWhile(happened => happened.Id <= after))
            {
                yield return happened;
                after = happened.Id;
            }

            if (isLast)
            {
                yield break;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    // What was told while the history did not answer comes behind what it knows.
    private void TakePast(DeployRecord? record, IReadOnlyList<DeployEvent> past)
    {
        lock (_lock)
        {
            Record = WithPast(record);
            var last = past.Count == 0 ? 0 : past[^1].Id;
            _events = [.. past, .. _events.Select(happened => happened with { Id = happened.Id + last })];
            _savedId = last;
            _isPastKnown = true;
        }
    }

    // The units tell neither who asked for the deploy nor, once it has ended, how that was.
    private DeployRecord WithPast(DeployRecord? past)
    {
        if (past is null)
        {
            return Record;
        }

        var record = Record with { Requester = Record.Requester ?? past.Requester };
        return IsUnderWay || Record.EndedAt is not null
            ? record
            : record with { Status = past.Status, Message = past.Message, EndedAt = past.EndedAt };
    }

    private void Append(DateTimeOffset now, IEnumerable<RolloutEvent> happened)
    {
        foreach (var item in happened)
        {
            // What is tried again with every plan is told once.
            if (item.Kind is not (RolloutEventKind.Launching or RolloutEventKind.Retiring or RolloutEventKind.Retrying) || _told.Add(item))
            {
                var id = _events.IsEmpty ? 1 : _events[^1].Id + 1;
                _events = _events.Add(new DeployEvent(id, now, item));
            }
        }

        NeedSaving();
        TellChange();
    }

    private void TellChange()
    {
        var change = _change;
        _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        change.SetResult();
    }

    private void NeedSaving()
    {
        IsSaved = false;
        if (!IsUnderWay)
        {
            TellUnsaved();
        }
    }
}
