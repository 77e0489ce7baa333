using System.Globalization;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using FluentValidation;
using MediatR;

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

internal sealed class ReadUnitLogHandler(IFleetClient fleet, IUnitLogs logs) : IRequestHandler<ReadUnitLog, IOutputReader>
{
    public async Task<IOutputReader> Handle(ReadUnitLog request, CancellationToken cancellationToken)
    {
        var service = ServiceName.Parse(request.Service);
        var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
        var unit = Find(request.Unit, service, snapshot)
            ?? throw new NotFoundException($"There is no unit {request.Unit} of {service}.");
        return await logs.OpenAsync(unit.Name, request.Tail, request.Follow, cancellationToken);
    }

    private static FleetUnit? Find(string name, ServiceName service, FleetSnapshot snapshot)
    {
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var instance))
        {
            return snapshot.Of(service).FirstOrDefault(unit => unit.Name.ToString() == name);
        }

        // Instances of several deploys can have the same number: the deploy that runs comes first.
        var running = snapshot.RunningOf(service).Select(deploy => deploy.Deploy).ToList();
        return snapshot.Of(service)
            .Where(unit => unit.Name.Instance == instance)
            .OrderByDescending(unit => running.Contains(unit.Name.Deploy))
            .ThenByDescending(unit => unit.Name.Deploy.Timestamp.Time)
            .FirstOrDefault();
    }
}
