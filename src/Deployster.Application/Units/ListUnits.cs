using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Units;

/// <summary>Asks for the units of a service.</summary>
/// <param name="Service">The service's name.</param>
public sealed record ListUnits(string Service) : IRequest<IReadOnlyList<UnitDetails>>;

internal sealed class ListUnitsValidator : AbstractValidator<ListUnits>
{
    public ListUnitsValidator() => RuleFor(query => query.Service).ServiceName().OverridePropertyName("service");
}

internal sealed class ListUnitsHandler(IFleetClient fleet) : IRequestHandler<ListUnits, IReadOnlyList<UnitDetails>>
{
    public async Task<IReadOnlyList<UnitDetails>> Handle(ListUnits request, CancellationToken cancellationToken)
    {
        var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
        return snapshot.DetailsOf(ServiceName.Parse(request.Service));
    }
}
