using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks for a deploy.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Timestamp">The timestamp; null for the newest deploy of the version.</param>
public sealed record GetDeploy(string Service, string Version, string? Timestamp) : IRequest<DeployDetails>, INamesDeploy;

internal sealed class GetDeployValidator : AbstractValidator<GetDeploy>
{
    public GetDeployValidator() => Include(new NamesDeployValidator());
}

internal sealed class GetDeployHandler(IFleetClient fleet, RolloutAdoption adoption, DeployFinder finder)
    : IRequestHandler<GetDeploy, DeployDetails>
{
    public async Task<DeployDetails> Handle(GetDeploy request, CancellationToken cancellationToken)
    {
        var (service, version, timestamp) = request.Read();
        var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
        await adoption.AdoptFromFleetAsync(snapshot.Units, cancellationToken);
        var record = await finder.FindAsync(service, version, timestamp, snapshot, cancellationToken)
            ?? throw new NotFoundException($"There is no deploy of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.");
        return new DeployDetails(record, snapshot.DetailsOf(record.Deploy));
    }
}
