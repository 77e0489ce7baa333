using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;
using FluentValidation;
using MediatR;

namespace Deployster.Application.Services;

/// <summary>Asks for another number of instances of what runs of a service.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="InstanceCount">How many there are to be.</param>
/// <param name="Requester">Who asks.</param>
public sealed record ScaleService(string Service, int? InstanceCount, Requester? Requester = null) : IRequest<DeployDetails>;

internal sealed class ScaleServiceValidator : AbstractValidator<ScaleService>
{
    public ScaleServiceValidator()
    {
        RuleFor(command => command.Service).ServiceName().OverridePropertyName("service");
        RuleFor(command => command.InstanceCount)
            .NotNull().WithMessage("is missing.")
            .Between(1, SpecRequestValidator.MaxInstances)
            .OverridePropertyName("instance_count");
    }
}

internal sealed class ScaleServiceHandler(
    IFleetClient fleet,
    ServiceLocks locks,
    DeployStarter starter,
    DeployFinder finder,
    UnitActions actions,
    WatchedDeploys deploys,
    DeployArchive archive,
    TimeProvider time) : IRequestHandler<ScaleService, DeployDetails>
{
    public async Task<DeployDetails> Handle(ScaleService request, CancellationToken cancellationToken)
    {
        var service = ServiceName.Parse(request.Service);
        var count = request.InstanceCount!.Value;
        using (await locks.EnterAsync(service, cancellationToken))
        {
            var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
            await starter.EnsureNoneUnderWayAsync(service, snapshot, cancellationToken);
            var running = FindRunning(service, snapshot);
            var record = await finder.FindAsync(
                service, running.Deploy.Version, running.Deploy.Timestamp, snapshot, cancellationToken);

            await ScaleAsync(running, [.. snapshot.Of(running.Deploy)], count, cancellationToken);
            var scaled = await RememberAsync(record!, running, count, request.Requester, cancellationToken);
            return new DeployDetails(
                scaled, (await FleetSnapshot.TakeAsync(fleet, cancellationToken)).DetailsOf(running.Deploy));
        }
    }

    private static RunningDeploy FindRunning(ServiceName service, FleetSnapshot snapshot) =>
        snapshot.RunningOf(service) switch
        {
            [var only] => only,
            [] => throw new NotFoundException($"No version of {service} runs."),
            var several => throw new ConflictException(
                $"Several deploys of {service} run: {string.Join(", ", several.Select(deploy => deploy.Deploy.WithinService))}. Destroy all but one first."),
        };

    private Task ScaleAsync(
        RunningDeploy running, IReadOnlyList<FleetUnit> units, int count, CancellationToken cancellationToken)
    {
        // The new units replace nothing: whoever reads them must not take their launch for a rollout.
        var intention = running.Intention with
        {
            Replaces = [],
            Spec = running.Intention.Spec with { InstanceCount = count },
        };
        var taken = units.Select(unit => unit.Name.Instance).ToHashSet();
        var added = Enumerable.Range(1, SpecRequestValidator.MaxInstances)
            .Where(instance => !taken.Contains(instance))
            .Take(Math.Max(0, count - units.Count))
            .Select(instance => (RolloutAction)new LaunchUnit(new UnitName(running.Deploy, instance)));
        var removed = units.OrderBy(unit => unit.Name.Instance)
            .Skip(count)
            .Select(unit => new DestroyUnit(unit.Name));
        return Task.WhenAll(added.Concat(removed).Select(action => actions.RunAsync(action, intention, cancellationToken)));
    }

    private async Task<DeployRecord> RememberAsync(
        DeployRecord record, RunningDeploy running, int count, Requester? requester, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var deploy = deploys.Find(record.Deploy) ?? new WatchedDeploy(
            record, RolloutMemory.Begin(now), await archive.ReadEventsAsync(record.Deploy, cancellationToken));
        deploy.Scale(count, now, new RolloutEvent(
            RolloutEventKind.Scaled,
            $"Scaled from {running.Intention.Spec.InstanceCount} to {count}{(requester is null ? "" : $" by {requester.User}")}"));
        await archive.TrySaveAsync(deploy, cancellationToken);
        deploys.Add(deploy);
        return deploy.Record;
    }
}
