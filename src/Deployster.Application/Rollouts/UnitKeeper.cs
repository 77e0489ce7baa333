using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>
/// Launches units again that vanished behind Deployster's back, for as long as their deploy is the wanted one. How many
/// units a deploy is to keep stands in the history; where that does not tell, nothing is launched. Nor is a deploy of which
/// there was nothing from the start on: its removal may be what was not written down. What does not come is tried again,
/// ever more seldom, and holds up nothing. Units that their fleet could not start are told to start again.
/// </summary>
internal sealed partial class UnitKeeper(
    FleetMonitor monitor,
    DeployArchive archive,
    LiveRollouts rollouts,
    DeployActions actions,
    IFleetClient fleet,
    ServiceLocks locks,
    TimeProvider time,
    ILogger<UnitKeeper> logger)
{
    private readonly ConcurrentDictionary<DeployId, DeployRecord> _kept = new();
    private readonly HashSet<DeployId> _absent = [];
    private readonly Retries<DeployId> _retries = new(time);
    private TimeSpan? _askedAt;

    /// <summary>Whether the history has told which deploys are to keep units.</summary>
    public bool IsTold { get; private set; }

    /// <summary>Whether units were missing when it looked last: it has to look again, even if nobody reads the fleet.</summary>
    public bool HasWork { get; private set; }

    /// <summary>The deploys that are to keep units, as far as that is known.</summary>
    public IEnumerable<DeployRecord> Kept => _kept.Values;

    /// <summary>How many units a deploy is to keep; null where that is not known.</summary>
    public int? CountOf(DeployId deployId) => _kept.TryGetValue(deployId, out var record) ? record.UnitCount : null;

    /// <summary>Whether units of the service are to be kept, as far as that is known.</summary>
    public bool Keeps(ServiceName service) => _kept.Keys.Any(deployId => deployId.Service == service);

    /// <summary>Reads what the history tells, unless it has told before. What a reading shows nothing of is left alone.</summary>
    public async Task LearnAsync(FleetReading reading, CancellationToken cancellationToken)
    {
        var now = time.GetMonotonicTime();
        if (IsTold || now - _askedAt < DeployArchive.RetryAfter)
        {
            return;
        }

        _askedAt = now;
        if (await archive.TryListKeptAsync(cancellationToken) is { Value: var told })
        {
            IsTold = true;
            foreach (var record in told.Where(record => _kept.TryAdd(record.DeployId, record) && !reading.Of(record.DeployId).Any()))
            {
                _absent.Add(record.DeployId);
                if (IsLacking(record, [], reading))
                {
                    LogNothingLeft(record.DeployId.ToString(), record.UnitCount ?? 0);
                }
            }
        }
    }

    /// <summary>A deploy is to keep so many units from now on; none: it is forgotten.</summary>
    public async Task KeepAsync(DeployId deployId, int count, CancellationToken cancellationToken)
    {
        var known = rollouts.Find(deployId);
        var record = known?.Record
            ?? _kept.GetValueOrDefault(deployId)
            ?? await archive.FindAsync(deployId.Service, deployId.Version, deployId.Timestamp, cancellationToken);
        if (record is null)
        {
            return;
        }

        known ??= rollouts.AddEnded(record, null);
        known.KeepUnits(count);
        Note(known.Record);
        await archive.TrySaveAsync(known, cancellationToken);
    }

    /// <summary>Notes a deploy whose record has changed.</summary>
    public void Note(DeployRecord record)
    {
        if (record.UnitCount > 0)
        {
            _kept[record.DeployId] = record;
        }
        else
        {
            _kept.TryRemove(record.DeployId, out _);
        }
    }

    /// <summary>Launches what is missing in a reading.</summary>
    public async Task MendAsync(FleetReading reading, CancellationToken cancellationToken)
    {
        HasWork = false;
        foreach (var (deployId, record) in _kept)
        {
            var units = reading.Of(deployId).ToList();
            if (units.Exists(unit => !unit.IsGone))
            {
                _absent.Remove(deployId);
            }

            if (!IsLacking(record, units, reading))
            {
                _retries.Forget(deployId);
            }
            else if (units.Exists(unit => unit.IsGone))
            {
                // Somebody else has marked units of it: what they leave is what is wanted.
                await KeepAsync(deployId, units.Count(unit => !unit.IsGone), cancellationToken);
            }
            else if (!_absent.Contains(deployId))
            {
                HasWork = true;
                await TryMendAsync(deployId, record, cancellationToken);
            }
        }
    }

    private async Task TryMendAsync(DeployId deployId, DeployRecord record, CancellationToken cancellationToken)
    {
        if (!_retries.IsDue(deployId))
        {
            return;
        }

        try
        {
            await MendAsync(deployId, record, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotMended(deployId.ToString(), e.Message);
        }
    }

    // By a reading of its own, under the service's lock: what somebody is just about to do must not be undone.
    private async Task MendAsync(DeployId deployId, DeployRecord record, CancellationToken cancellationToken)
    {
        using var entered = locks.TryEnter(deployId.Service);
        if (entered is null || rollouts.FindUnderWay(deployId.Service) is not null)
        {
            return;
        }

        var reading = await monitor.ReadAsync(cancellationToken);
        var units = reading.Of(deployId).ToList();
        if (_kept.TryGetValue(deployId, out var kept) && ReferenceEquals(kept, record) && IsLacking(record, units, reading))
        {
            // Whatever the fleet says to it: what it has made shows in a reading, and that may be nothing.
            _retries.Postpone(deployId);
            var wanted = record.UnitCount ?? 0;
            LogMending(deployId.ToString(), units.Count(unit => !unit.IsGone && unit.Phase is not (Phase.Preparing or Phase.Failed)), wanted);
            var intention = record.Intention with
            {
                Replaces = [],
                ImageId = units.Select(unit => unit.Intention?.ImageId).FirstOrDefault(id => id is not null) ?? record.Intention.ImageId,
            };
            var stopped = units.Count(unit => unit.Wanted == Wanted.Stopped);
            await actions.KeepAsync(
                new DeployTarget(deployId, wanted, wanted - stopped)
                {
                    Intention = intention,
                    Seen = [.. units],
                },
                cancellationToken);
        }
    }

    private bool IsLacking(DeployRecord record, List<Unit> units, FleetReading reading) =>
        IsShort(record, units, reading)
        || (!fleet.Traits.KeepsStarting && units.Exists(unit => unit.IsWanted && unit.Phase is Phase.Preparing or Phase.Failed));

    private static bool IsShort(DeployRecord record, List<Unit> units, FleetReading reading) =>
        units.Count(unit => !unit.IsGone) < record.UnitCount
        && !reading.Of(record.DeployId.Service).Any(unit =>
            unit.Intention?.RequestedAt > record.Intention.RequestedAt
            && (unit.Intention.DestroyPrevious || unit.Name.DeployId == record.DeployId));

    [LoggerMessage(LogLevel.Warning, "{Deploy} has {Count} of its {Wanted} units running: launching what is missing")]
    private partial void LogMending(string deploy, int count, int wanted);

    [LoggerMessage(
        LogLevel.Warning,
        "{Deploy} is to have {Wanted} units by the history, and has had none since the start: nothing is launched, as somebody may have removed it")]
    private partial void LogNothingLeft(string deploy, int wanted);

    [LoggerMessage(LogLevel.Warning, "What is missing of {Deploy} could not be launched and is tried again: {Cause}")]
    private partial void LogNotMended(string deploy, string cause);
}
