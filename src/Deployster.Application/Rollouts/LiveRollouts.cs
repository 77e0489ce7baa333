using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Application.Rollouts;

/// <summary>The rollouts that this process carries through, and those that ended last.</summary>
internal sealed class LiveRollouts
{
    // So that one can still see the end of a rollout where the history cannot be read.
    private const int EndedKept = 100;

    private readonly Lock _lock = new();
    private readonly List<LiveRollout> _rollouts = [];
    private readonly Signal _changed = new();

    /// <summary>
    /// Ends when a rollout is added, or something is to be written down of one that has ended. Take it before looking.
    /// </summary>
    public Task Changed => _changed.Next;

    public IReadOnlyList<LiveRollout> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _rollouts];
            }
        }
    }

    public IReadOnlyList<LiveRollout> UnderWay => [.. All.Where(rollout => rollout.IsUnderWay)];

    /// <summary>Whether the rollout of a deploy is under way; false where there is no deploy.</summary>
    public bool IsUnderWay(DeployId? deployId) => deployId is not null && Find(deployId) is { IsUnderWay: true };

    /// <summary>Has whoever carries rollouts on look again.</summary>
    public void Wake() => _changed.Set();

    public LiveRollout? Find(DeployId deployId) => All.FirstOrDefault(known => known.Record.DeployId == deployId);

    public LiveRollout? FindUnderWay(ServiceName service) =>
        UnderWay.FirstOrDefault(known => known.Record.DeployId.Service == service);

    /// <summary>Adds a rollout; gives the one that is there where it is known already, even if its rollout has ended.</summary>
    public LiveRollout Add(LiveRollout rollout)
    {
        lock (_lock)
        {
            if (_rollouts.Find(known => known.Record.DeployId == rollout.Record.DeployId) is { } before)
            {
                return before;
            }

            var ended = _rollouts.Where(known => !known.IsUnderWay && known.IsSaved).ToList();
            foreach (var old in ended.Take(ended.Count - EndedKept))
            {
                _rollouts.Remove(old);
            }

            _rollouts.Add(rollout);
            rollout.TellUnsaved = _changed.Set;
            _changed.Set();
            return rollout;
        }
    }

    /// <summary>Adds a deploy whose rollout has ended before, since something about it changes; gives the one that is there already.</summary>
    /// <param name="record">The deploy.</param>
    /// <param name="events">What has happened to it and is written down; null where that is not known.</param>
    public LiveRollout AddEnded(DeployRecord record, IReadOnlyList<DeployEvent>? events) => Add(new LiveRollout(
        record, RolloutMemory.Begin(new Deploy(record.DeployId, record.Intention), TimeSpan.Zero), events));
}
