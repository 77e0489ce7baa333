using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using FluentValidation;
using FluentValidation.Results;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks for the deploys of a service, or of all, newest first.</summary>
/// <param name="Service">The service's name; null for all services.</param>
/// <param name="Cursor">Where to begin, as the page before told; null for the newest.</param>
/// <param name="Limit">How many at the most.</param>
public sealed record ListDeploys(string? Service, string? Cursor, int Limit) : IRequest<DeployPage>;

internal sealed class ListDeploysValidator : AbstractValidator<ListDeploys>
{
    public ListDeploysValidator()
    {
        RuleFor(query => query.Service).ServiceName().When(query => query.Service is not null).OverridePropertyName("service");
        RuleFor(query => (int?)query.Limit).Between(1, 200).OverridePropertyName("limit");
    }
}

internal sealed class ListDeploysHandler(IDeployHistory history, LiveRollouts rollouts)
    : IRequestHandler<ListDeploys, DeployPage>
{
    public async Task<DeployPage> Handle(ListDeploys request, CancellationToken cancellationToken)
    {
        try
        {
            var page = await history.ListAsync(
                request.Service is null ? null : ServiceName.Parse(request.Service), request.Cursor, request.Limit, cancellationToken);

            // An end is known here before it is written down.
            return page with { Deploys = [.. page.Deploys.Select(record => rollouts.Find(record.DeployId)?.Record ?? record)] };
        }
        catch (FormatException)
        {
            throw new ValidationException([new ValidationFailure("cursor", "must be one that the page before gave.")]);
        }
    }
}
