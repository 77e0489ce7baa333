using Deployster.Domain.Names;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Routing;

/// <summary>Tells that a gateway has drained a unit: it has no request there, and will send none.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Unit">The unit's name.</param>
/// <param name="Version">The version of the table by which the unit is draining.</param>
public sealed record TellDrained(string Gateway, string? Unit, long Version) : IRequest;

internal sealed class TellDrainedValidator : AbstractValidator<TellDrained>
{
    public TellDrainedValidator()
    {
        RuleFor(command => command.Gateway).Gateway().OverridePropertyName("gateway");
        RuleFor(command => command.Unit)
            .Must(text => UnitName.TryParse(text, out _)).WithMessage("must be the name of a unit, not '{PropertyValue}'.")
            .OverridePropertyName("unit");
    }
}

internal sealed class TellDrainedHandler(Routes? routes = null) : RequestHandler<TellDrained>
{
    protected override void Handle(TellDrained request) =>
        (routes ?? throw FollowRoutesHandler.NoRoutes()).TellDrained(request.Gateway, UnitName.Parse(request.Unit!), request.Version);
}
