using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks to destroy the units of a version, or to give it up while its rollout is under way.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Timestamp">The timestamp; null for all deploys of the version.</param>
/// <param name="Requester">Who asks.</param>
public sealed record DestroyVersion(string Service, string Version, string? Timestamp, Requester? Requester = null)
    : IRequest, INamesDeploy;

internal sealed class DestroyVersionValidator : AbstractValidator<DestroyVersion>
{
    public DestroyVersionValidator() => Include(new NamesDeployValidator());
}

internal sealed class DestroyVersionHandler(
    FleetMonitor monitor,
    ServiceLocks locks,
    RolloutAdoption adoption,
    LiveRollouts rollouts,
    UnitRemoval removal,
    TimeProvider time) : IRequestHandler<DestroyVersion, MediatR.Unit>
{
    // Who asked to give a deploy up may like to know that it is done, but not at any price.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(60);

    // A cancel that was answered and is not written down could be forgotten: the deploy would begin anew at the next start.
    private static readonly TimeSpan s_longestWaitForHistory = 2 * DeployArchive.RetryAfter;

    public async Task<MediatR.Unit> Handle(DestroyVersion request, CancellationToken cancellationToken)
    {
        var cancelled = await Detached.RunAsync(() => DestroyAsync(request), cancellationToken);
        if (cancelled is not null)
        {
            await WaitForEndAsync(cancelled, cancellationToken);
        }

        return MediatR.Unit.Value;
    }

    /// <returns>The rollout that is given up; null where units were destroyed.</returns>
    private async Task<LiveRollout?> DestroyAsync(DestroyVersion request)
    {
        var (service, version, timestamp) = request.Read();
        bool Matches(DeployId deployId) => deployId.IsOf(service, version, timestamp);

        List<Domain.Units.Unit> units;
        using (await locks.EnterAsync(service, CancellationToken.None))
        {
            var reading = await monitor.ReadAsync(CancellationToken.None);
            await adoption.TakeUpFromFleetAsync(reading, CancellationToken.None);
            units = [.. reading.Units.Where(unit => Matches(unit.Name.DeployId))];
            if (rollouts.FindUnderWay(service) is { } underWay)
            {
                if (Matches(underWay.Record.DeployId))
                {
                    Cancel(underWay, reading, request.Requester);
                    return underWay;
                }

                if (units.Exists(underWay.Deploy.IsReplaced))
                {
                    throw new ConflictException(
                        $"The rollout of {underWay.Record.DeployId}, which replaces {service}:{version}, is under way.",
                        underWay.Record.DeployId);
                }
            }

            if (units.Count == 0)
            {
                throw new NotFoundException($"There is no unit of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.");
            }

            await removal.MarkAsync(units, reading);
        }

        await removal.DestroyAsync(units.Select(unit => unit.Name), CancellationToken.None);
        return null;
    }

    private void Cancel(LiveRollout rollout, FleetReading reading, Requester? requester)
    {
        var reason = $"It was cancelled{(requester is null ? "" : $" by {requester.User}")}.";
        if (RolloutPicture.Of(rollout.Deploy, reading.Units).IsMarkedSucceeded || !rollout.TryCancel(reason, time.GetUtcNow()))
        {
            throw CannotBeGivenUp(rollout);
        }
    }

    private async Task WaitForEndAsync(LiveRollout rollout, CancellationToken cancellationToken)
    {
        await time.WaitAtMostAsync(s_longestWait, FollowToTheEndAsync, cancellationToken);
        await time.WaitAtMostAsync(s_longestWaitForHistory, rollout.WaitUntilSavedAsync, cancellationToken);

        // Another Deployster may have marked the opposite in the fleet before this one could.
        if (rollout.Record.Status == DeployStatus.Succeeded)
        {
            throw CannotBeGivenUp(rollout);
        }

        async Task FollowToTheEndAsync(CancellationToken stop)
        {
            await foreach (var _ in rollout.FollowAsync(0, stop))
            {
            }
        }
    }

    private static ConflictException CannotBeGivenUp(LiveRollout rollout) => new(
        $"{rollout.Record.DeployId} is healthy and what it replaces is being destroyed: it can no longer be given up.",
        rollout.Record.DeployId);
}
