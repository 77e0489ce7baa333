using Deployster.Application.Deploys;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using FluentValidation;
using MediatR;
using Unit = Deployster.Domain.Units.Unit;

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
        RuleFor(command => command.InstanceCount).NotNull().WithMessage("is missing.").OverridePropertyName(SpecFields.InstanceCount.Name);
        RuleFor(command => command.InstanceCount).Keeps(SpecFields.InstanceCount);
    }
}

internal sealed class ScaleServiceHandler(
    FleetMonitor monitor,
    ServiceLocks locks,
    DeployStarter starter,
    DeployFinder finder,
    DeployActions actions,
    UnitRemoval removal,
    UnitKeeper keeper,
    LiveRollouts rollouts,
    DeployArchive archive,
    TimeProvider time) : IRequestHandler<ScaleService, DeployDetails>
{
    public Task<DeployDetails> Handle(ScaleService request, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => ScaleAsync(request), cancellationToken);

    private async Task<DeployDetails> ScaleAsync(ScaleService request)
    {
        var service = ServiceName.Parse(request.Service);
        var count = request.InstanceCount!.Value;
        RunningDeploy running;
        LiveRollout scaled;
        IReadOnlyList<Unit> removed;
        using (await locks.EnterAsync(service, CancellationToken.None))
        {
            var reading = await monitor.ReadAsync(CancellationToken.None);
            await starter.EnsureNoneUnderWayAsync(service, reading, CancellationToken.None);
            running = FindRunning(service, reading);
            var record = await finder.FindAsync(service, running.Id.Version, running.Id.Timestamp, reading, CancellationToken.None);
            var units = reading.Of(running.Id).Where(unit => !unit.IsGone).ToList();

            // First what is wanted, then the fleet: a unit that goes on request must not be taken for one that vanished.
            scaled = await RememberAsync(record!, running, count, request.Requester);
            removed = [.. units.OrderBy(unit => unit.IsHealthy).ThenByDescending(unit => unit.Name.Instance).Take(units.Count - count)];
            if (removed.Count > 0)
            {
                await removal.MarkAsync(removed, reading);
            }
            else
            {
                await GrowAsync(running, reading, count);
            }
        }

        await removal.DestroyAsync(removed.Select(unit => unit.Name), CancellationToken.None);
        var now = await monitor.ReadAsync(CancellationToken.None);
        return new DeployDetails(scaled.Record, [.. now.Of(running.Id).Where(unit => !unit.IsGone)]);
    }

    private static RunningDeploy FindRunning(ServiceName service, FleetReading reading) =>
        reading.RunningOf(service) switch
        {
            [var only] => only,
            [] => throw new NotFoundException($"No version of {service} runs."),
            var several => throw new ConflictException(
                $"Several deploys of {service} run: {string.Join(", ", several.Select(deploy => deploy.Id.WithinService))}. Destroy all but one first."),
        };

    private Task GrowAsync(RunningDeploy running, FleetReading reading, int count)
    {
        // The new units replace nothing: whoever reads them must not take their launch for a rollout.
        var intention = running.Intention with
        {
            Replaces = [],
            Spec = running.Intention.Spec with { InstanceCount = count },
        };
        return actions.KeepAsync(
            new DeployTarget(running.Id, count, count) { Intention = intention, Seen = [.. reading.Of(running.Id)] },
            CancellationToken.None);
    }

    private async Task<LiveRollout> RememberAsync(DeployRecord record, RunningDeploy running, int count, Requester? requester)
    {
        var rollout = rollouts.Find(record.DeployId)
            ?? rollouts.AddEnded(record, (await archive.TryReadEventsAsync(record.DeployId, CancellationToken.None))?.Value);
        rollout.Scale(count, time.GetUtcNow(), new RolloutEvent(
            RolloutEventKind.Scaled,
            $"Scaled from {running.Intention.Spec.InstanceCount} to {count}{(requester is null ? "" : $" by {requester.User}")}"));
        keeper.Note(rollout.Record);
        await archive.TrySaveAsync(rollout, CancellationToken.None);
        return rollout;
    }
}
