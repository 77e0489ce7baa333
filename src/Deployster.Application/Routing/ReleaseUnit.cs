using Deployster.Domain.Names;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Routing;

/// <summary>Tells that a gateway has no request any more at a unit that leaves, and will send it none.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Unit">The unit's name.</param>
/// <param name="Version">The version of the table by which the unit leaves.</param>
public sealed record ReleaseUnit(string Gateway, string? Unit, long Version) : IRequest;

internal sealed class ReleaseUnitValidator : AbstractValidator<ReleaseUnit>
{
    public ReleaseUnitValidator()
    {
        RuleFor(command => command.Gateway).Gateway().OverridePropertyName("gateway");
        RuleFor(command => command.Unit)
            .Must(text => UnitName.TryParse(text, out _)).WithMessage("must be the name of a unit, not '{PropertyValue}'.")
            .OverridePropertyName("unit");
    }
}

internal sealed class ReleaseUnitHandler(Routes? routes = null) : RequestHandler<ReleaseUnit>
{
    protected override void Handle(ReleaseUnit request) =>
        (routes ?? throw FollowRoutesHandler.NoRoutes()).TellDrained(request.Gateway, UnitName.Parse(request.Unit!), request.Version);
}
