using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Deployster.Domain.Rollouts;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;

namespace Deployster.Application.Deploys;

/// <summary>A deploy that is thought out and not begun.</summary>
/// <param name="Record">The deploy.</param>
/// <param name="Inherited">The spec's fields that the running version gives.</param>
internal sealed record DeployDraft(DeployRecord Record, IReadOnlyList<string> Inherited)
{
    /// <summary>Thinks out a deploy as the fleet is at a moment.</summary>
    public static DeployDraft Of(
        DeployId deployId,
        Func<DeploySpec, string> image,
        bool destroyPrevious,
        SpecChanges changes,
        Requester? requester,
        FleetReading fleet,
        Func<DeployId, int?> wanted,
        DateTimeOffset now)
    {
        // A unit that has just vanished is one of those that are wanted.
        var running = fleet.FindInherited(deployId.Service);
        var inherited = running is null ? null : running.Intention.Spec with
        {
            InstanceCount = wanted(running.Id) ?? running.Intention.Spec.InstanceCount,
            Strategy = running.Intention.Spec.Strategy?.WithoutCanary(),
        };
        var spec = changes.ApplyTo(inherited ?? DeploySpec.Default);
        var draft = OfSpec(deployId, image(spec), destroyPrevious, spec, requester, fleet, now);
        return draft with { Inherited = inherited is null ? [] : changes.LeftOut };
    }

    /// <summary>Thinks out a deploy that inherits nothing.</summary>
    public static DeployDraft OfSpec(
        DeployId deployId,
        string image,
        bool destroyPrevious,
        DeploySpec spec,
        Requester? requester,
        FleetReading fleet,
        DateTimeOffset now,
        string? imageId = null,
        bool runsRelease = true)
    {
        var intention = new Intention
        {
            Image = image,
            ImageId = imageId,
            RequestedAt = LaterThanAll(deployId.Service, fleet, now),
            DestroyPrevious = destroyPrevious,
            RunsRelease = runsRelease && !spec.ReleaseCommand.IsEmpty,
            Replaces = destroyPrevious ? [.. ReplacedBy(deployId, fleet)] : [],
            Spec = spec,
        };
        return new DeployDraft(new DeployRecord { DeployId = deployId, Intention = intention, Requester = requester }, []);
    }

    /// <summary>
    /// A moment later than every deploy of the service that has units: clocks are set back, and differ between machines,
    /// and still a deploy comes after what it finds.
    /// </summary>
    public static DateTimeOffset LaterThanAll(ServiceName service, FleetReading fleet, DateTimeOffset now)
    {
        var latest = fleet.Of(service).Max(unit => unit.Intention?.RequestedAt);
        return latest >= now ? latest.Value.AddTicks(1) : now;
    }

    /// <summary>Throws where the deploy keeps its rules field by field but not as a whole, or where this fleet cannot take it.</summary>
    /// <exception cref="SpecRefusedException">It cannot be taken.</exception>
    public void Check(IFleetClient fleet)
    {
        var spec = Record.Intention.Spec;
        if (spec is { StripPrefix: true, PathPrefix: null })
        {
            throw new SpecRefusedException($"deploy.{SpecFields.StripPrefix.Name}", $"needs a {SpecFields.PathPrefix.Name}.");
        }

        if (spec.Port == 0)
        {
            CheckWithoutPort(spec);
        }

        if (spec.SecretEnv.Keys.FirstOrDefault(spec.Env.ContainsKey) is { } twice)
        {
            throw new SpecRefusedException(
                $"deploy.{SpecFields.SecretEnv.Name}.{twice}", $"must not be in {SpecFields.Env.Name}, too: take it out of one of them.");
        }

        if (spec.FindMissingSecrets().ToList() is [_, ..] missing)
        {
            throw new ConflictException(
                $"No unit that runs has the values of these variables of {SpecFields.SecretEnv.Name}: {string.Join(", ", missing)}. Give them with the request.");
        }

        if (spec.Deadline <= spec.MinHealthy)
        {
            throw new SpecRefusedException(
                $"deploy.{SpecFields.Deadline.Name}",
                $"must be more than {SpecFields.MinHealthy.Name}, which is {spec.MinHealthy.TotalSeconds:0}, not {spec.Deadline.TotalSeconds:0}.");
        }

        if (spec.Strategy?.FindError(spec.InstanceCount) is { } error)
        {
            throw new SpecRefusedException($"deploy.{error.Field}", error.Message);
        }

        var last = new Deploy(Record.DeployId, Record.Intention).UnitNames.Last();
        var length = last.ToString().Length;
        if (length > UnitName.MaxLength)
        {
            throw new SpecRefusedException(
                "deploy.version",
                $"makes unit names of {length} characters together with the service's name; a fleet takes {UnitName.MaxLength}.");
        }

        fleet.Preview(new UnitDefinition(last, Record.Intention));
    }

    private static void CheckWithoutPort(DeploySpec spec)
    {
        var routed = !spec.Hosts.IsEmpty ? SpecFields.Hosts.Name : spec.PathPrefix is not null ? SpecFields.PathPrefix.Name : null;
        if (routed is not null)
        {
            throw new SpecRefusedException($"deploy.{routed}", $"cannot be kept where {SpecFields.Port.Name} is 0: a service that answers nowhere gets no requests.");
        }

        if (spec.HealthCheck is { Port: null })
        {
            throw new SpecRefusedException(
                $"deploy.{SpecFields.HealthCheck.Name}.port", $"is missing: where {SpecFields.Port.Name} is 0, a health check needs a port of its own.");
        }
    }

    private static IEnumerable<ReplacedDeploy> ReplacedBy(DeployId deployId, FleetReading fleet) =>
        fleet.Of(deployId.Service)
            .Where(unit => !unit.IsGone)
            .GroupBy(unit => unit.Name.DeployId)
            .Select(units => new ReplacedDeploy(units.Key.Version, units.Key.Timestamp, units.Count()));
}
