using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks to promote the canary of a deploy: its rollout goes on.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Timestamp">The timestamp; null for the newest deploy of the version.</param>
/// <param name="Requester">Who asks.</param>
public sealed record PromoteDeploy(string Service, string Version, string? Timestamp, Requester? Requester = null)
    : IRequest<DeployDetails>, INamesDeploy;

internal sealed class PromoteDeployValidator : AbstractValidator<PromoteDeploy>
{
    public PromoteDeployValidator() => Include(new NamesDeployValidator());
}

internal sealed class PromoteDeployHandler(
    FleetMonitor monitor,
    RolloutAdoption adoption,
    LiveRollouts rollouts,
    DeployFinder finder,
    DeployArchive archive,
    TimeProvider time) : IRequestHandler<PromoteDeploy, DeployDetails>
{
    public Task<DeployDetails> Handle(PromoteDeploy request, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => PromoteAsync(request), cancellationToken);

    private async Task<DeployDetails> PromoteAsync(PromoteDeploy request)
    {
        var (service, version, timestamp) = request.Read();
        var reading = await monitor.ReadAsync(CancellationToken.None);
        await adoption.TakeUpFromFleetAsync(reading, CancellationToken.None);
        var record = await finder.FindAsync(service, version, timestamp, reading, CancellationToken.None)
            ?? throw new NotFoundException($"There is no deploy of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.");
        if (rollouts.Find(record.DeployId) is not { } rollout
            || !rollout.TryPromote($"Promoted{(request.Requester is null ? "" : $" by {request.Requester.User}")}.", time.GetUtcNow()))
        {
            throw new ConflictException($"{record.DeployId} has no canary that waits to be promoted.");
        }

        await archive.TrySaveAsync(rollout, CancellationToken.None);
        return new DeployDetails(rollout.Record, [.. reading.Of(record.DeployId)]);
    }
}
