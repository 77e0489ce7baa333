using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>
/// Destroys units that are marked to go and that no rollout sees to: what a request, a rollout or a Deployster before
/// this one has not come to the end of. What cannot be destroyed is tried again, ever more seldom, and blocks nothing.
/// Where nothing else of their service runs, they go only if nothing is to: nothing better may be there.
/// </summary>
internal sealed partial class UnitSweeper(
    LiveRollouts rollouts,
    DeployArchive archive,
    DeployActions actions,
    UnitKeeper keeper,
    TimeProvider time,
    ILogger<UnitSweeper> logger)
{
    private readonly Retries<UnitName> _retries = new(time);

    /// <summary>Whether a reading shows units that are to be destroyed sooner or later.</summary>
    public static bool HasWork(FleetReading reading) => reading.Units.Any(unit => unit.IsGone);

    /// <summary>Begins to destroy what nobody sees to.</summary>
    public async Task SweepAsync(FleetReading reading, CancellationToken cancellationToken)
    {
        var gone = reading.Units.Where(unit => unit.IsGone).ToList();
        _retries.ForgetAllBut(gone.Select(unit => unit.Name));
        foreach (var unit in gone)
        {
            if (!actions.IsLeaving(unit.Name)
                && _retries.IsDue(unit.Name)
                && await IsLeftOverAsync(unit, reading, cancellationToken))
            {
                _ = DestroyAsync(unit.Name, cancellationToken);
            }
        }
    }

    private async Task<bool> IsLeftOverAsync(Unit unit, FleetReading reading, CancellationToken cancellationToken)
    {
        if (rollouts.FindUnderWay(unit.Name.DeployId.Service) is { } underWay
            && (underWay.Record.DeployId == unit.Name.DeployId || underWay.Deploy.IsReplaced(unit)))
        {
            return false;
        }

        // A deploy that replaces the unit and has not succeeded may need it: nothing better may be there.
        foreach (var other in reading.Of(unit.Name.DeployId.Service).Where(other => other.Intention is not null).DistinctBy(other => other.Name.DeployId))
        {
            var deploy = new Deploy(other.Name.DeployId, other.Intention!);
            if (deploy.IsReplaced(unit) && (await FindAsync(deploy.Id, cancellationToken))?.Status is null or DeployStatus.InProgress or DeployStatus.Failed)
            {
                return false;
            }
        }

        return reading.Of(unit.Name.DeployId.Service).Any(Runs)
            || (!keeper.Keeps(unit.Name.DeployId.Service) && IsToGo(await FindAsync(unit.Name.DeployId, cancellationToken)));
    }

    private static bool Runs(Unit unit) => unit is { IsWanted: true, Phase: Phase.Running or Phase.Healthy };

    // Nobody but the history knows whether the mark was a request's, or that of a rollout whose own units are gone.
    private static bool IsToGo(DeployRecord? record) =>
        record is { UnitCount: 0 } or { Status: DeployStatus.RolledBack or DeployStatus.Cancelled };

    private async Task<DeployRecord?> FindAsync(DeployId deployId, CancellationToken cancellationToken) =>
        rollouts.Find(deployId)?.Record ?? (await archive.TryFindAsync(deployId, cancellationToken))?.Value;

    private async Task DestroyAsync(UnitName unit, CancellationToken cancellationToken)
    {
        try
        {
            await actions.DestroyAsync(unit, cancellationToken);
            _retries.Forget(unit);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotDestroyed(unit.ToString(), _retries.Postpone(unit).TotalSeconds, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The next Deployster goes on.
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Unit} could not be destroyed and is tried again in {Seconds} s: {Cause}")]
    private partial void LogNotDestroyed(string unit, double seconds, string cause);
}
