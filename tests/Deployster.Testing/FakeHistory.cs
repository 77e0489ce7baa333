using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Deployster.Application.History;
using Deployster.Domain.Images;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;

namespace Deployster.Testing;

/// <summary>A history in memory.</summary>
public sealed class FakeHistory : IDeployHistory
{
    private readonly ConcurrentDictionary<DeployId, (DeployRecord Record, ImmutableSortedDictionary<long, DeployEvent> Events)> _deploys = new();

    /// <summary>While it is away it can neither be read nor written.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often somebody tried to write.</summary>
    public int Saves { get; private set; }

    /// <summary>How often somebody asked for a page of deploys.</summary>
    public int Lists { get; private set; }

    /// <summary>What happens after each writing.</summary>
    public Action<DeployRecord> AfterSave { get; set; } = _ => { };

    /// <summary>A deploy as it is written down; null where it is not.</summary>
    public DeployRecord? this[DeployId deploy] => _deploys.TryGetValue(deploy, out var known) ? known.Record : null;

    /// <summary>All events of a deploy that is written down.</summary>
    public IReadOnlyList<DeployEvent> EventsOf(DeployId deploy) => [.. _deploys[deploy].Events.Values];

    /// <summary>Writes a deploy and all that happened to it.</summary>
    public void Put(DeployRecord record, params RolloutEvent[] events) =>
        _deploys[record.DeployId] = (record, events
            .Select((happened, index) => new DeployEvent(index + 1, record.Intention.RequestedAt, happened))
            .ToImmutableSortedDictionary(happened => happened.Id, happened => happened));

    /// <inheritdoc />
    public Task SaveAsync(DeployRecord record, IReadOnlyList<DeployEvent> events, CancellationToken cancellationToken)
    {
        Saves++;
        EnsureThere();
        var known = _deploys.TryGetValue(record.DeployId, out var before) ? before.Events : ImmutableSortedDictionary<long, DeployEvent>.Empty;
        _deploys[record.DeployId] = (record, known.SetItems(events.Select(happened => KeyValuePair.Create(happened.Id, happened))));
        AfterSave(record);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult(Of(service).FirstOrDefault(record =>
            record.DeployId.Version == version && (timestamp is null || record.DeployId.Timestamp == timestamp)));
    }

    /// <inheritdoc />
    public Task<DeployPage> ListAsync(ServiceName? service, string? cursor, int limit, CancellationToken cancellationToken)
    {
        Lists++;
        EnsureThere();
        var skipped = cursor is null ? 0 : int.Parse(cursor, NumberStyles.None, CultureInfo.InvariantCulture);
        var records = Of(service).Skip(skipped).ToList();
        return Task.FromResult(new DeployPage(
            [.. records.Take(limit)], records.Count > limit ? $"{skipped + limit}" : null));
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DeployRecord>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<DeployRecord>>(
            [.. _deploys.Values.Select(known => known.Record).Where(record => record.Status == DeployStatus.InProgress)]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DeployRecord>> ListKeptAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<DeployRecord>>([.. Of(null).Where(record => record.UnitCount > 0)]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DeployedImage>> ListImagesAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<DeployedImage>>(
        [
            .. Of(null).Select(record => new DeployedImage(
                record.DeployId.Service, NamedImage.Of(record.Intention.Image, record.Intention.ImageId))
            {
                SucceededAt = record.Status == DeployStatus.Succeeded ? record.Intention.RequestedAt : null,
                IsWanted = record.Status == DeployStatus.InProgress || record.UnitCount > 0,
            }),
        ]);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(DeployId deployId, long after, CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyList<DeployEvent>>(
            _deploys.TryGetValue(deployId, out var known) ? [.. known.Events.Values.Where(happened => happened.Id > after)] : []);
    }

    private IEnumerable<DeployRecord> Of(ServiceName? service) => _deploys.Values
        .Select(known => known.Record)
        .Where(record => service is null || record.DeployId.Service == service)
        .OrderByDescending(record => record.Intention.RequestedAt);

    private void EnsureThere()
    {
        if (IsAway)
        {
            throw new HistoryUnavailableException("database is locked");
        }
    }
}
