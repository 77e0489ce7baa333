using Deployster.Application.Fleet;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
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
    IFleetClient fleet, DeployStarter starter, HostClaims hosts, ImageNames images, TimeProvider time)
    : IRequestHandler<PreviewDeploy, DeployPreview>
{
    public async Task<DeployPreview> Handle(PreviewDeploy request, CancellationToken cancellationToken)
    {
        var (draft, snapshot) = await starter.DraftAsync(
            ServiceName.Parse(request.Deploy.Service),
            fleet => Task.FromResult(request.Deploy.Draft(images, fleet, time.GetUtcNow())),
            cancellationToken);
        hosts.Check(draft.Record.Deploy.Service, draft.Record.Intention.Spec, snapshot);
        var rollout = new Rollout(draft.Record.Deploy, draft.Record.Intention);
        return new DeployPreview(
            draft.Record,
            draft.Inherited,
            [.. rollout.UnitNames.Select(unit => (unit, fleet.Describe(new UnitDefinition(unit, rollout.Intention))))],
            [.. snapshot.DetailsOf(draft.Record.Deploy.Service).Select(details => details.Unit).Where(rollout.IsReplaced).Select(unit => unit.Name)]);
    }
}
