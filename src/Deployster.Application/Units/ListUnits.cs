using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using FluentValidation;
using MediatR;
using Unit = Deployster.Domain.Units.Unit;

namespace Deployster.Application.Units;

/// <summary>Asks for the units of a service.</summary>
/// <param name="Service">The service's name.</param>
public sealed record ListUnits(string Service) : IRequest<IReadOnlyList<Unit>>;

internal sealed class ListUnitsValidator : AbstractValidator<ListUnits>
{
    public ListUnitsValidator() => RuleFor(query => query.Service).ServiceName().OverridePropertyName("service");
}

internal sealed class ListUnitsHandler(FleetMonitor monitor) : IRequestHandler<ListUnits, IReadOnlyList<Unit>>
{
    public async Task<IReadOnlyList<Unit>> Handle(ListUnits request, CancellationToken cancellationToken)
    {
        var reading = await monitor.ReadAsync(cancellationToken);
        return reading.Of(ServiceName.Parse(request.Service));
    }
}
