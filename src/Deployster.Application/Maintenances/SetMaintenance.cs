using Deployster.Application.Errors;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Maintenances;

/// <summary>Closes a service, or opens it again.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="IsEnabled">Whether it is to be closed.</param>
/// <param name="Message">What its page says; null for what the gateway says by itself.</param>
/// <param name="RetryAfter">Seconds after which it may be worth to come again; null where nobody knows.</param>
public sealed record SetMaintenance(string Service, bool? IsEnabled, string? Message = null, int? RetryAfter = null)
    : IRequest<Maintenance?>
{
    /// <summary>The longest message, in characters.</summary>
    public const int LongestMessage = 1000;

    /// <summary>The longest time to come again, in seconds: a week.</summary>
    public const int LongestWait = 7 * 24 * 60 * 60;
}

internal sealed class SetMaintenanceValidator : AbstractValidator<SetMaintenance>
{
    public SetMaintenanceValidator()
    {
        RuleFor(command => command.Service).ServiceName().OverridePropertyName("service");
        RuleFor(command => command.IsEnabled).NotNull().WithMessage("is missing.").OverridePropertyName("enabled");
        RuleFor(command => command.Message)
            .MaximumLength(SetMaintenance.LongestMessage)
            .WithMessage($"must have at most {SetMaintenance.LongestMessage} characters.")
            .OverridePropertyName("message");
        RuleFor(command => command.RetryAfter).Between(1, SetMaintenance.LongestWait).OverridePropertyName("retry_after");
    }
}

internal sealed class SetMaintenanceHandler(Routes? routes = null, ClosedServices? closed = null)
    : RequestHandler<SetMaintenance, Maintenance?>
{
    protected override Maintenance? Handle(SetMaintenance request)
    {
        if (routes is null || closed is null)
        {
            throw FollowRoutesHandler.NoRoutes();
        }

        var service = ServiceName.Parse(request.Service);
        if (request.IsEnabled == false)
        {
            closed.Set(service, null);
            return null;
        }

        if (!routes.Knows(service))
        {
            throw new NotFoundException($"The service {service} has no units.");
        }

        var maintenance = new Maintenance(
            request.Message, request.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        closed.Set(service, maintenance);
        return maintenance;
    }
}
