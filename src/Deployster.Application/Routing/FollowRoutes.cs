using Deployster.Application.Errors;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Routing;

/// <summary>Asks where requests go, now and whenever that changes.</summary>
/// <param name="Gateway">The gateway that asks: no unit is destroyed that it has not drained. Null for who only looks on.</param>
public sealed record FollowRoutes(string? Gateway) : IRequest<IAsyncEnumerable<RoutingTable>>
{
    /// <summary>What the name of a gateway is, for documents.</summary>
    public const string GatewayPattern = "^[A-Za-z0-9._:-]{1,100}$";
}

internal sealed class FollowRoutesValidator : AbstractValidator<FollowRoutes>
{
    public FollowRoutesValidator() => RuleFor(query => query.Gateway).Gateway().OverridePropertyName("gateway");
}

internal sealed class FollowRoutesHandler(Routes? routes = null) : IRequestHandler<FollowRoutes, IAsyncEnumerable<RoutingTable>>
{
    public Task<IAsyncEnumerable<RoutingTable>> Handle(FollowRoutes request, CancellationToken cancellationToken) =>
        Task.FromResult((routes ?? throw NoRoutes()).FollowAsync(request.Gateway, cancellationToken));

    internal static NotFoundException NoRoutes() => new("This fleet routes its requests by itself.");
}
