using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Specs.Fields;
using Deployster.Domain.Rollouts;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks for the deploy that succeeded before the one that runs to be made again, whatever its version.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Requester">Who asks.</param>
public sealed record RollBack(string Service, Requester? Requester = null) : IRequest<DeployDetails>
{
    /// <summary>Whether the release command of the deploy that comes back runs again.</summary>
    public bool Release { get; init; }

    /// <summary>Secret variables that go over those of what runs, from which the others come; null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? SecretEnv { get; init; }
}

internal sealed class RollBackValidator : AbstractValidator<RollBack>
{
    public RollBackValidator()
    {
        RuleFor(command => command.Service).ServiceName().OverridePropertyName("service");
        RuleFor(command => command.SecretEnv).Custom((secrets, context) =>
            context.AddErrors("", secrets is null ? [] : Secrets.FindErrors("secret_env", secrets)));
    }
}

internal sealed class RollBackHandler(DeployStarter starter, IDeployHistory history, UnitKeeper keeper, TimeProvider time)
    : IRequestHandler<RollBack, DeployDetails>
{
    private const int PageSize = 100;

    public Task<DeployDetails> Handle(RollBack request, CancellationToken cancellationToken)
    {
        var service = ServiceName.Parse(request.Service);
        return starter.StartAsync(service, fleet => DraftAsync(request, service, fleet, cancellationToken), cancellationToken);
    }

    private async Task<DeployDraft> DraftAsync(
        RollBack request, ServiceName service, FleetReading fleet, CancellationToken cancellationToken)
    {
        var running = fleet.RunningOf(service) is [var newest, ..]
            ? newest
            : throw new ConflictException($"No version of {service} runs.");
        var previous = await FindPreviousAsync(running, cancellationToken)
            ?? throw new ConflictException($"No deploy of {service} succeeded before {running.Id.WithinService}, which runs.");

        // The version comes back as it ran then, at the strength of today, with the secrets of today: those of then stood in units that are gone.
        var now = time.GetUtcNow();
        var count = keeper.CountOf(running.Id) ?? running.Intention.Spec.InstanceCount;
        var spec = previous.Intention.Spec with
        {
            InstanceCount = count,
            Strategy = previous.Intention.Spec.Strategy?.ForRollback(count),
            SecretEnv = previous.Intention.Spec.SecretEnv.Merge(request.SecretEnv),
        };
        var deployId = new DeployId(
            service, previous.DeployId.Version, DeployTimestamp.At(DeployDraft.LaterThanAll(service, fleet, now)));
        return DeployDraft.OfSpec(deployId, previous.Intention.Image, destroyPrevious: true, spec.WithSecretsOf(running.Intention.Spec), request.Requester, fleet, now, previous.Intention.ImageId, request.Release);
    }

    private async Task<DeployRecord?> FindPreviousAsync(RunningDeploy running, CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await history.ListAsync(running.Id.Service, cursor, PageSize, cancellationToken);
            var previous = page.Deploys.FirstOrDefault(record =>
                record.Status == DeployStatus.Succeeded
                && record.DeployId != running.Id
                && record.Intention.RequestedAt < running.Intention.RequestedAt);
            if (previous is not null)
            {
                return previous;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return null;
    }
}
