using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;

namespace Deployster.Application.Routing;

/// <summary>Sees to it that a host name, with a path prefix, belongs to one service.</summary>
internal sealed class HostClaims(HostNames names, LiveRollouts rollouts) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>
    /// Checks the names, and lets nobody else claim any until what it gives is disposed of, when the rollout is registered.
    /// </summary>
    /// <exception cref="ConflictException">Another service has one of them.</exception>
    public async Task<IDisposable> ClaimAsync(
        ServiceName service, DeploySpec spec, FleetReading fleet, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Check(service, spec, fleet);
            return new Claim(_gate);
        }
        catch
        {
            _gate.Release();
            throw;
        }
    }

    /// <summary>Throws where another service has a name that a deploy of <paramref name="service"/> would have.</summary>
    /// <exception cref="ConflictException">Another service has it.</exception>
    public void Check(ServiceName service, DeploySpec spec, FleetReading fleet)
    {
        var claimed = HostsOf(service, spec).ToHashSet();
        var others = fleet.Units.Select(unit => (unit.Name.DeployId.Service, unit.Intention?.Spec ?? DeploySpec.Default))
            .Concat(rollouts.UnderWay.Select(rollout => (rollout.Record.DeployId.Service, rollout.Record.Intention.Spec)))
            .Where(other => other.Service != service && other.Item2.PathPrefix == spec.PathPrefix);
        foreach (var (other, theirs) in others)
        {
            if (HostsOf(other, theirs).FirstOrDefault(claimed.Contains) is { } name)
            {
                throw new ConflictException(
                    $"The host name {name}{(spec.PathPrefix is null ? "" : $" with the path prefix {spec.PathPrefix}")} belongs to the service {other}.");
            }
        }
    }

    public void Dispose() => _gate.Dispose();

    private IEnumerable<string> HostsOf(ServiceName service, DeploySpec spec) =>
        spec.Hosts.Select(host => host.Value).Append(names.Of(service));

    private sealed class Claim(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
