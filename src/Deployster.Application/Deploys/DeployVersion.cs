using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Deploys;

/// <summary>Asks for a deploy of a version of a service.</summary>
public sealed record DeployVersion : IRequest<DeployDetails>
{
    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The version.</summary>
    public required string? Version { get; init; }

    /// <summary>The deploy's timestamp; null for now.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Whether the deploy takes the place of what runs.</summary>
    public bool DestroyPrevious { get; init; }

    /// <summary>How its units run.</summary>
    public SpecChanges Spec { get; init; } = SpecChanges.None;

    /// <summary>Who asks.</summary>
    public Requester? Requester { get; init; }

    /// <summary>The deploy that is asked for. The request must have been found valid.</summary>
    internal DeployDraft Draft(ImageNames images, FleetReading fleet, Func<DeployId, int?> wanted, DateTimeOffset now)
    {
        var service = ServiceName.Parse(Service);
        var deployId = new DeployId(
            service,
            VersionTag.Parse(Version!),
            Timestamp is null ? DeployTimestamp.At(DeployDraft.LaterThanAll(service, fleet, now)) : DeployTimestamp.Parse(Timestamp));
        return DeployDraft.Of(
            deployId, spec => images.Of(deployId.Service, deployId.Version, spec), DestroyPrevious, Spec, Requester, fleet, wanted, now);
    }
}

internal sealed class DeployVersionValidator : AbstractValidator<DeployVersion>
{
    public DeployVersionValidator()
    {
        RuleFor(command => command.Service).ServiceName().OverridePropertyName("service");
        RuleFor(command => command.Version)
            .NotNull().WithMessage("is missing.").OverridePropertyName("deploy.version")
            .DependentRules(() => RuleFor(command => command.Version).Version().OverridePropertyName("deploy.version"));
        RuleFor(command => command.Timestamp).Timestamp().OverridePropertyName("deploy.timestamp");
        RuleFor(command => command.Spec).Custom((spec, context) => context.AddErrors("deploy", spec.FindErrors()));
    }
}

internal sealed class DeployVersionHandler(DeployStarter starter, ImageNames images, UnitKeeper keeper, TimeProvider time)
    : IRequestHandler<DeployVersion, DeployDetails>
{
    public Task<DeployDetails> Handle(DeployVersion request, CancellationToken cancellationToken) =>
        starter.StartAsync(
            ServiceName.Parse(request.Service),
            fleet => Task.FromResult(request.Draft(images, fleet, keeper.CountOf, time.GetUtcNow())),
            cancellationToken);
}
