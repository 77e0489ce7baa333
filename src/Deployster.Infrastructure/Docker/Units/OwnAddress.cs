using System.Net;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Networks;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Reads the address that a container has in the units' network.</summary>
internal static class OwnAddress
{
    /// <summary>Where a unit answers there; null where it is not in it, or this process does not reach it.</summary>
    public static IPEndPoint? Find(IDictionary<string, EndpointSettings>? networks, NetworkPlace? place, Intention? intention) =>
        place is { IsReachable: true }
        && networks is not null
        && networks.TryGetValue(place.Name, out var settings)
        && IPAddress.TryParse(settings.IPAddress, out var address)
        && (intention?.Spec ?? DeploySpec.Default).ProbedPort is { } port
            ? new IPEndPoint(address, port)
            : null;

    /// <summary>Whether a container that runs was given no address anywhere.</summary>
    public static bool IsMissing(IDictionary<string, EndpointSettings>? networks) =>
        networks is { Count: > 0 } && networks.Values.All(settings => string.IsNullOrEmpty(settings.IPAddress));
}
