using Deployster.Application.Routing;
using Deployster.Domain.Names;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Maintenances;

/// <summary>Asks why a service is closed; the answer is null where it is open.</summary>
/// <param name="Service">The service's name.</param>
public sealed record FindMaintenance(string Service) : IRequest<Maintenance?>;

internal sealed class FindMaintenanceValidator : AbstractValidator<FindMaintenance>
{
    public FindMaintenanceValidator() => RuleFor(query => query.Service).ServiceName().OverridePropertyName("service");
}

internal sealed class FindMaintenanceHandler(ClosedServices? closed = null) : RequestHandler<FindMaintenance, Maintenance?>
{
    protected override Maintenance? Handle(FindMaintenance request) =>
        (closed ?? throw FollowRoutesHandler.NoRoutes()).Find(ServiceName.Parse(request.Service));
}
