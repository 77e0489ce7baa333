using System.Globalization;
using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>A container that is a unit.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Container">What the engine says of it.</param>
internal sealed record UnitContainer(UnitName Name, ContainerInspectResponse Container)
{
    public string Id => Container.ID;

    public State State => Container.State ?? new State();

    public TargetState TargetState => ContainerSettings.TargetStateOf(Container.HostConfig?.RestartPolicy);

    public Intention? Intention => ContainerLabels.ReadIntention(Container.Config?.Labels ?? new Dictionary<string, string>());

    /// <summary>Made, and neither started nor tried to.</summary>
    public bool IsFresh => State is { Status: "created", Error: null or "" };

    /// <summary>Whether the container's processes live, or will again.</summary>
    public bool IsStarted => State.Status is "running" or "restarting" or "paused";

    /// <summary>The port inside, and where it is published; null while the engine has not published any.</summary>
    public (int Port, IPEndPoint Published)? Endpoint
    {
        get
        {
            foreach (var (port, bindings) in Container.NetworkSettings?.Ports ?? new Dictionary<string, IList<PortBinding>>())
            {
                foreach (var binding in bindings ?? [])
                {
                    if (IPAddress.TryParse(binding.HostIP, out var address)
                        && int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var published))
                    {
                        return (int.Parse(port.Split('/')[0], CultureInfo.InvariantCulture), new IPEndPoint(ToReach(address), published));
                    }
                }
            }

            return null;
        }
    }

    // "Every address" is no address to connect to.
    private static IPAddress ToReach(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;
}
