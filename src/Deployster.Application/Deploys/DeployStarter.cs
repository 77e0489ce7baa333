using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Routing;
using Deployster.Application.Units;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>Begins rollouts: one a service at a time.</summary>
internal sealed class DeployStarter(
    IFleetClient fleet,
    ServiceLocks locks,
    HostClaims hosts,
    WatchedDeploys deploys,
    RolloutWatcher watcher,
    RolloutAdoption adoption,
    DeployArchive archive,
    TimeProvider time)
{
    /// <summary>Begins a deploy, as <paramref name="draft"/> makes it of what the fleet looks like.</summary>
    /// <exception cref="ConflictException">Another one is under way, or this one exists.</exception>
    public async Task<DeployDetails> StartAsync(
        ServiceName service, Func<FleetSnapshot, Task<DeployDraft>> draft, CancellationToken cancellationToken)
    {
        WatchedDeploy deploy;
        Task launch;
        using (await locks.EnterAsync(service, cancellationToken))
        {
            var (drafted, snapshot) = await DraftAsync(service, draft, cancellationToken);
            using var claim = await hosts.ClaimAsync(service, drafted.Record.Intention.Spec, snapshot, cancellationToken);
            var rollout = new Rollout(drafted.Record.Deploy, drafted.Record.Intention);
            deploy = new WatchedDeploy(drafted.Record, RolloutMemory.BeginToLaunch(rollout, time.GetUtcNow()), []);
            deploy.Tell(time.GetUtcNow(), new RolloutEvent(RolloutEventKind.Requested, Requested(rollout)));

            // First the history, then the fleet: what the fleet has not got yet is what the next Deployster completes.
            await archive.TrySaveAsync(deploy, cancellationToken);
            deploy.Tell(time.GetUtcNow(), rollout.UnitNames.Select(RolloutEvent.Launching));

            // The units are known to be in the making before anybody can give the deploy up.
            launch = watcher.LaunchAsync(deploy);
            deploys.Add(deploy);
        }

        // While the fleet is at it: a deploy must not take longer for it.
        await Task.WhenAll(launch, archive.TrySaveAsync(deploy, CancellationToken.None));
        return new DeployDetails(deploy.Record, [.. deploy.Rollout.UnitNames.Select(unit => JustLaunched(unit, deploy.Record.Intention))]);
    }

    /// <summary>Thinks out a deploy as <see cref="StartAsync"/> does, with what the fleet looks like, and does not begin it.</summary>
    /// <exception cref="ConflictException">Another one is under way, or this one exists.</exception>
    public async Task<(DeployDraft Draft, FleetSnapshot Fleet)> DraftAsync(
        ServiceName service, Func<FleetSnapshot, Task<DeployDraft>> draft, CancellationToken cancellationToken)
    {
        var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
        await EnsureNoneUnderWayAsync(service, snapshot, cancellationToken);
        var drafted = await draft(snapshot);
        drafted.Check(fleet);
        await EnsureNewAsync(drafted.Record, snapshot, cancellationToken);
        return (drafted, snapshot);
    }

    /// <summary>Throws where a rollout of the service is under way. One that nobody watched is taken up.</summary>
    /// <exception cref="ConflictException">A rollout is under way.</exception>
    public async Task EnsureNoneUnderWayAsync(
        ServiceName service, FleetSnapshot snapshot, CancellationToken cancellationToken)
    {
        await adoption.AdoptFromFleetAsync(snapshot.Units, cancellationToken);
        if (deploys.FindUnderWay(service) is { } underWay)
        {
            throw new ConflictException($"The rollout of {underWay.Record.Deploy} is under way.", underWay.Record.Deploy);
        }
    }

    private async Task EnsureNewAsync(DeployRecord record, FleetSnapshot snapshot, CancellationToken cancellationToken)
    {
        // What was asked for in this very second is still watched: the history need not be searched for it.
        var deploy = record.Deploy;
        var mayBeOld = deploy.Timestamp != DeployTimestamp.At(record.Intention.RequestedAt);
        if (snapshot.Of(deploy).Any()
            || deploys.Find(deploy) is not null
            || mayBeOld && await archive.FindAsync(deploy.Service, deploy.Version, deploy.Timestamp, cancellationToken) is not null)
        {
            throw new ConflictException($"The deploy {deploy} exists: choose another timestamp, or leave it out.");
        }
    }

    // A fleet knows no more of a unit that it was just told of: to read it again would only take time.
    private static UnitDetails JustLaunched(UnitName unit, Intention intention) =>
        new(new FleetUnit(unit, TargetState.Launched, TargetState.Inactive, null, intention), null);

    private static string Requested(Rollout rollout)
    {
        var spec = rollout.Intention.Spec;
        var replaces = rollout.Intention.Replaces.Select(replaced =>
            $"{replaced.Version}:{replaced.Timestamp} ({replaced.UnitCount})");
        return $"Deploying {rollout.Deploy} ({spec.InstanceCount})"
            + (rollout.Intention.Replaces.IsEmpty ? "" : $" in the place of {string.Join(", ", replaces)}");
    }
}
