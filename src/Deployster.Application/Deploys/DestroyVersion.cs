using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
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
    IFleetClient fleet,
    ServiceLocks locks,
    RolloutAdoption adoption,
    WatchedDeploys deploys,
    UnitActions actions,
    TimeProvider time) : AsyncRequestHandler<DestroyVersion>
{
    // Who asked to give a deploy up may like to know that it is done, but not at any price.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(60);

    protected override async Task Handle(DestroyVersion request, CancellationToken cancellationToken)
    {
        var (service, version, timestamp) = request.Read();
        bool Matches(DeployId deploy) =>
            deploy.Service == service && deploy.Version == version && (timestamp is null || deploy.Timestamp == timestamp);

        WatchedDeploy? cancelled = null;
        using (await locks.EnterAsync(service, cancellationToken))
        {
            var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
            await adoption.AdoptFromFleetAsync(snapshot.Units, cancellationToken);
            var units = snapshot.Units.Where(unit => Matches(unit.Name.Deploy)).ToList();
            if (deploys.FindUnderWay(service) is { } underWay)
            {
                if (Matches(underWay.Record.Deploy))
                {
                    Cancel(underWay, snapshot, request.Requester);
                    cancelled = underWay;
                }
                else if (units.Exists(underWay.Rollout.IsReplaced))
                {
                    throw new ConflictException(
                        $"The rollout of {underWay.Record.Deploy}, which replaces {service}:{version}, is under way.",
                        underWay.Record.Deploy);
                }
            }

            if (cancelled is null)
            {
                await DestroyAsync(units, $"There is no unit of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.", cancellationToken);
            }
        }

        if (cancelled is not null)
        {
            await WaitForEndAsync(cancelled, cancellationToken);
        }
    }

    private void Cancel(WatchedDeploy deploy, FleetSnapshot snapshot, Requester? requester)
    {
        var hasBegunToSucceed = snapshot.Units.Count(deploy.Rollout.IsReplaced) < deploy.Record.Intention.ReplacedUnitCount;
        var reason = $"It was cancelled{(requester is null ? "" : $" by {requester.User}")}.";
        if (hasBegunToSucceed || !deploy.TryCancel(reason, time.GetUtcNow()))
        {
            throw new ConflictException(
                $"{deploy.Record.Deploy} is healthy and what it replaces is being destroyed: it can no longer be given up.",
                deploy.Record.Deploy);
        }
    }

    private async Task DestroyAsync(List<FleetUnit> units, string ifNone, CancellationToken cancellationToken)
    {
        if (units.Count == 0)
        {
            throw new NotFoundException(ifNone);
        }

        await Task.WhenAll(units.Select(unit => actions.RunAsync(
            new DestroyUnit(unit.Name), unit.Intention, cancellationToken)));
    }

    private async Task WaitForEndAsync(WatchedDeploy deploy, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_longestWait, time);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await foreach (var _ in deploy.FollowAsync(0, wait.Token))
            {
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
        }
    }
}
