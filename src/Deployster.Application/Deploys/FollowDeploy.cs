using Deployster.Application.Errors;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks for what has happened to a deploy, and what happens to it until its rollout ends.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Timestamp">The timestamp; null for the newest deploy of the version.</param>
/// <param name="After">The number of the last event that is known already; 0 for none.</param>
public sealed record FollowDeploy(string Service, string Version, string? Timestamp, long After)
    : IRequest<IAsyncEnumerable<DeployEvent>>, INamesDeploy;

internal sealed class FollowDeployValidator : AbstractValidator<FollowDeploy>
{
    public FollowDeployValidator() => Include(new NamesDeployValidator());
}

internal sealed class FollowDeployHandler(LiveRollouts rollouts, IDeployHistory history)
    : IRequestHandler<FollowDeploy, IAsyncEnumerable<DeployEvent>>
{
    public async Task<IAsyncEnumerable<DeployEvent>> Handle(FollowDeploy request, CancellationToken cancellationToken)
    {
        var (service, version, timestamp) = request.Read();
        var live = rollouts.All
            .Where(rollout => rollout.Record.DeployId.Service == service
                && rollout.Record.DeployId.Version == version
                && (timestamp is null || rollout.Record.DeployId.Timestamp == timestamp))
            .MaxBy(rollout => rollout.Record.Intention.RequestedAt);
        if (live is not null)
        {
            return live.FollowAsync(request.After, cancellationToken);
        }

        var record = await history.FindAsync(service, version, timestamp, cancellationToken)
            ?? throw new NotFoundException($"Nothing is known of a deploy of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.");
        var events = await history.ReadEventsAsync(record.DeployId, request.After, cancellationToken);
        return events.ToAsyncEnumerable();
    }
}
