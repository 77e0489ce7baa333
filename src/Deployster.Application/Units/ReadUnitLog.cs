using System.Globalization;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Names;
using FluentValidation;
using MediatR;
using Unit = Deployster.Domain.Units.Unit;

namespace Deployster.Application.Units;

/// <summary>Asks for what a unit has written.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Unit">The unit's name, or the number of an instance of the deploy that runs.</param>
/// <param name="Tail">How many of the last lines; null for all.</param>
/// <param name="Follow">Whether to wait for what it will write.</param>
public sealed record ReadUnitLog(string Service, string Unit, int? Tail, bool Follow) : IRequest<IOutputReader>;

internal sealed class ReadUnitLogValidator : AbstractValidator<ReadUnitLog>
{
    public ReadUnitLogValidator()
    {
        RuleFor(query => query.Service).ServiceName().OverridePropertyName("service");
        RuleFor(query => query.Tail).GreaterThanOrEqualTo(0).WithMessage("must be 0 or more, not {PropertyValue}.").OverridePropertyName("tail");
    }
}

internal sealed class ReadUnitLogHandler(FleetMonitor monitor, IFleetClient fleet) : IRequestHandler<ReadUnitLog, IOutputReader>
{
    public async Task<IOutputReader> Handle(ReadUnitLog request, CancellationToken cancellationToken)
    {
        var service = ServiceName.Parse(request.Service);
        var reading = await monitor.ReadAsync(cancellationToken);
        var unit = Find(request.Unit, service, reading)
            ?? throw new NotFoundException($"There is no unit {request.Unit} of {service}.");
        return await fleet.OpenLogAsync(unit.Name, request.Tail, request.Follow, cancellationToken);
    }

    private static Unit? Find(string name, ServiceName service, FleetReading reading)
    {
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var instance))
        {
            return reading.Of(service).FirstOrDefault(unit => unit.Name.ToString() == name);
        }

        // Instances of several deploys can have the same number: the deploy that runs comes first.
        var ids = reading.RunningOf(service).Select(deploy => deploy.Id).ToList();
        return reading.Of(service)
            .Where(unit => unit.Name.Instance == instance)
            .OrderByDescending(unit => ids.Contains(unit.Name.DeployId))
            .ThenByDescending(unit => unit.Name.DeployId.Timestamp.Time)
            .FirstOrDefault();
    }
}
