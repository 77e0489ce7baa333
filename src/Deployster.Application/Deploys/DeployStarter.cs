using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Pruning;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>Registers deploys: one rollout a service at a time.</summary>
internal sealed class DeployStarter(
    IFleetClient fleet,
    FleetMonitor monitor,
    ServiceLocks locks,
    HostClaims hosts,
    ImageClaims images,
    LiveRollouts rollouts,
    RolloutStep step,
    RolloutAdoption adoption,
    DeployArchive archive,
    TimeProvider time)
{
    /// <summary>
    /// Registers a deploy, as <paramref name="draft"/> makes it of what the fleet looks like, and waits until the fleet
    /// has been told to launch its units. Once it is registered it is carried through, whether or not the client waits.
    /// </summary>
    /// <exception cref="ConflictException">Another one is under way, or this one exists.</exception>
    public Task<DeployDetails> StartAsync(
        ServiceName service, Func<FleetReading, Task<DeployDraft>> draft, CancellationToken cancellationToken) =>
        Detached.RunAsync(() => StartAsync(service, draft), cancellationToken);

    /// <summary>Thinks out a deploy as <see cref="StartAsync(ServiceName, Func{FleetReading, Task{DeployDraft}}, CancellationToken)"/> does, with what the fleet looks like, and does not begin it.</summary>
    /// <exception cref="ConflictException">Another one is under way, or this one exists.</exception>
    public async Task<(DeployDraft Draft, FleetReading Fleet)> DraftAsync(
        ServiceName service, Func<FleetReading, Task<DeployDraft>> draft, CancellationToken cancellationToken)
    {
        var reading = await monitor.ReadAsync(cancellationToken);
        await EnsureNoneUnderWayAsync(service, reading, cancellationToken);
        var drafted = await draft(reading);
        drafted.Check(fleet);
        await EnsureNewAsync(drafted.Record, reading, cancellationToken);
        return (drafted, reading);
    }

    /// <summary>Throws where a rollout of the service is under way. One that nobody carries on is taken up.</summary>
    /// <exception cref="ConflictException">A rollout is under way.</exception>
    public async Task EnsureNoneUnderWayAsync(ServiceName service, FleetReading reading, CancellationToken cancellationToken)
    {
        var waiting = await adoption.TakeUpFromFleetAsync(reading, cancellationToken);
        if ((rollouts.FindUnderWay(service)?.Record.DeployId ?? waiting.FirstOrDefault(deployId => deployId.Service == service)) is { } underWayId)
        {
            throw new ConflictException($"The rollout of {underWayId} is under way.", underWayId);
        }
    }

    private async Task<DeployDetails> StartAsync(ServiceName service, Func<FleetReading, Task<DeployDraft>> draft)
    {
        LiveRollout rollout;
        RolloutPlan first;
        Task launch;
        using (await locks.EnterAsync(service, CancellationToken.None))
        {
            var (drafted, reading) = await DraftAsync(service, draft, CancellationToken.None);

            // First the image, which may just be removed: others wait for the claim of the hosts.
            using var image = await images.ClaimAsync(drafted.Record.Intention.Image, drafted.Record.Intention.ImageId, CancellationToken.None);
            using var claim = await hosts.ClaimAsync(service, drafted.Record.Intention.Spec, reading, CancellationToken.None);
            var deploy = new Deploy(drafted.Record.DeployId, drafted.Record.Intention);
            rollout = new LiveRollout(drafted.Record, RolloutMemory.Begin(deploy, time.GetMonotonicTime()), []);
            rollout.Tell(time.GetUtcNow(), new RolloutEvent(RolloutEventKind.Requested, Requested(deploy)));

            // First the history, then the fleet: what the fleet has not got yet is what the next Deployster completes.
            await archive.TrySaveAsync(rollout, CancellationToken.None);
            first = RolloutPlanner.Plan(deploy, reading.Units, rollout.Memory, time.GetMonotonicTime());
            rollout.Tell(time.GetUtcNow(), first.Events.Where(happened => happened.Kind == RolloutEventKind.Launching));

            // The units are known to be in the making before anybody can give the deploy up.
            launch = step.BeginAsync(rollout, first, reading);
            rollouts.Add(rollout);
        }

        // While the fleet is at it: a deploy must not take longer for it.
        await Task.WhenAll(launch, archive.TrySaveAsync(rollout, CancellationToken.None));
        return new DeployDetails(rollout.Record, [.. first.Actions.OfType<KeepUnits>().SelectMany(keep => JustLaunched(rollout.Record, keep))]);
    }

    private async Task EnsureNewAsync(DeployRecord record, FleetReading reading, CancellationToken cancellationToken)
    {
        // What was asked for in this very second is still known: the history need not be searched for it.
        var deployId = record.DeployId;
        var mayBeOld = deployId.Timestamp != DeployTimestamp.At(record.Intention.RequestedAt);
        if (reading.Of(deployId).Any()
            || rollouts.Find(deployId) is not null
            || mayBeOld && await archive.FindAsync(deployId.Service, deployId.Version, deployId.Timestamp, cancellationToken) is not null)
        {
            throw new ConflictException($"The deploy {deployId} exists: choose another timestamp, or leave it out.");
        }
    }

    // A fleet knows no more of a unit that it was just told of: to read it again would only take time.
    private static IEnumerable<Unit> JustLaunched(DeployRecord record, KeepUnits keep) =>
        from instance in Enumerable.Range(1, keep.DeployId == record.DeployId ? keep.Units : 0)
        let wanted = instance <= keep.Running ? Wanted.Running : Wanted.Stopped
        select new Unit(new UnitName(record.DeployId, instance), wanted, Phase.Waiting) { Intention = record.Intention };

    private static string Requested(Deploy deploy)
    {
        var spec = deploy.Intention.Spec;
        var replaces = deploy.Intention.Replaces.Select(replaced =>
            $"{replaced.Version}:{replaced.Timestamp} ({replaced.UnitCount})");
        return $"Deploying {deploy.Id} ({spec.InstanceCount})"
            + (deploy.Intention.Replaces.IsEmpty ? "" : $" in the place of {string.Join(", ", replaces)}");
    }
}
