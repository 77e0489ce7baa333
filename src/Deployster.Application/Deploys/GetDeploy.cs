using Deployster.Application.Errors;
using Deployster.Application.Fleet;
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

internal sealed class GetDeployHandler(FleetMonitor monitor, DeployFinder finder)
    : IRequestHandler<GetDeploy, DeployDetails>
{
    public async Task<DeployDetails> Handle(GetDeploy request, CancellationToken cancellationToken)
    {
        var (service, version, timestamp) = request.Read();
        var reading = await monitor.ReadAsync(cancellationToken);
        var record = await finder.FindAsync(service, version, timestamp, reading, cancellationToken)
            ?? throw new NotFoundException($"There is no deploy of {service}:{version}{(timestamp is null ? "" : $":{timestamp}")}.");
        return new DeployDetails(record, [.. reading.Of(record.DeployId)]);
    }
}
