using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks what a deploy would do, and does nothing.</summary>
/// <param name="Deploy">The deploy.</param>
public sealed record PreviewDeploy(DeployVersion Deploy) : IRequest<DeployPreview>;

internal sealed class PreviewDeployValidator : AbstractValidator<PreviewDeploy>
{
    public PreviewDeployValidator() =>
        RuleFor(query => query.Deploy).SetValidator(new DeployVersionValidator()).OverridePropertyName("");
}

internal sealed class PreviewDeployHandler(
    IFleetClient fleet, DeployStarter starter, HostClaims hosts, ImageNames images, UnitKeeper keeper, TimeProvider time)
    : IRequestHandler<PreviewDeploy, DeployPreview>
{
    public async Task<DeployPreview> Handle(PreviewDeploy request, CancellationToken cancellationToken)
    {
        var (draft, reading) = await starter.DraftAsync(
            ServiceName.Parse(request.Deploy.Service),
            fleet => Task.FromResult(request.Deploy.Draft(images, fleet, keeper.CountOf, time.GetUtcNow())),
            cancellationToken);
        hosts.Check(draft.Record.DeployId.Service, draft.Record.Intention.Spec, reading);

        // The draft was checked with the values of its secrets, which nobody is to see.
        var shown = draft.Record.Intention with { Spec = draft.Record.Intention.Spec.WithoutSecrets() };
        var deploy = new Deploy(draft.Record.DeployId, shown);
        return new DeployPreview(
            draft.Record,
            draft.Inherited,
            [.. deploy.UnitNames.Select(unit => (unit, fleet.Preview(new UnitDefinition(unit, deploy.Intention))))],
            [.. reading.Of(draft.Record.DeployId.Service).Where(deploy.IsReplaced).Where(unit => !unit.IsGone).Select(unit => unit.Name)]);
    }
}
