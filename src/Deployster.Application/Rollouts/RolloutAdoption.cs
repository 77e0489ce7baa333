using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>Takes up the rollouts that nobody watches: those that the fleet itself tells of, and those that the history does.</summary>
internal sealed partial class RolloutAdoption(
    IFleetClient fleet,
    DeployArchive archive,
    WatchedDeploys deploys,
    DeployMetrics metrics,
    TimeProvider time,
    ILogger<RolloutAdoption> logger)
{
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Ends when it has been tried for the first time: before, nobody knows what is under way.
    /// Fails with a <see cref="FleetUnavailableException"/> where the fleet did not answer.
    /// </summary>
    public Task Attempted => _attempted.Task;

    /// <summary>Takes up what the fleet and the history tell of; false where the history tells nothing at the moment.</summary>
    public async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AdoptAllAsync(cancellationToken);
        }
        catch (FleetUnavailableException e)
        {
            _attempted.TrySetException(e);
            throw;
        }
        finally
        {
            _attempted.TrySetResult();
        }
    }

    /// <summary>Takes up what the fleet's units tell of.</summary>
    public async Task AdoptFromFleetAsync(IReadOnlyCollection<FleetUnit> units, CancellationToken cancellationToken)
    {
        foreach (var rollout in UnfinishedRollouts.Find(units))
        {
            // One that has ended here is over, whatever of it is left.
            if (deploys.Find(rollout.Deploy) is null)
            {
                var record = await archive.FindAsync(
                        rollout.Deploy.Service, rollout.Deploy.Version, rollout.Deploy.Timestamp, cancellationToken)
                    ?? new DeployRecord { Deploy = rollout.Deploy, Intention = rollout.Intention };
                await AdoptAsync(
                    record with { Status = DeployStatus.InProgress, Message = null, EndedAt = null }, units, cancellationToken);
            }
        }
    }

    private async Task<bool> AdoptAllAsync(CancellationToken cancellationToken)
    {
        var units = await fleet.ListUnitsAsync(cancellationToken);
        await AdoptFromFleetAsync(units, cancellationToken);
        if (await archive.ListUnfinishedAsync(cancellationToken) is not { } unfinished)
        {
            return false;
        }

        foreach (var record in unfinished)
        {
            if (deploys.Find(record.Deploy) is null)
            {
                await AdoptAsync(record, units, cancellationToken);
            }
        }

        return true;
    }

    private async Task AdoptAsync(
        DeployRecord record, IReadOnlyCollection<FleetUnit> units, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var events = await archive.ReadEventsAsync(record.Deploy, cancellationToken);
        var memory = RolloutMemory.Begin(now) with { GivingUp = FindGivingUp(record, events) };
        var deploy = new WatchedDeploy(record, memory, events);

        var hasUnits = units.Any(unit => unit.Name.Deploy == record.Deploy);
        var isOvertaken = units.Any(unit =>
            unit.Name.Deploy.Service == record.Deploy.Service
            && unit.Intention?.RequestedAt > record.Intention.RequestedAt);
        if (!hasUnits && memory.GivingUp is null && (isOvertaken || now > record.Intention.Deadline))
        {
            var outcome = new RolloutOutcome(DeployStatus.Failed, "Deployster was stopped during it, and its units are gone.");
            deploy.End(outcome, RolloutEventKind.Failed, now);
            metrics.CountEnd(outcome.Status);
        }

        LogAdopted(record.Deploy.ToString(), deploy.Record.Status);
        deploys.Add(deploy);
    }

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
    private partial void LogAdopted(string deploy, DeployStatus status);
}
