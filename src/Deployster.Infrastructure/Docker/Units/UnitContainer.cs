using System.Globalization;
using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>A container that is a unit.</summary>
/// <param name="Name">The unit.</param>
/// <param name="Container">What the engine says of it.</param>
internal sealed record UnitContainer(UnitName Name, ContainerInspectResponse Container)
{
    public string Id => Container.ID;

    public State State => Container.State ?? new State();

    public IDictionary<string, string> Labels => Container.Config?.Labels ?? new Dictionary<string, string>();

    public Intention? Intention => ContainerLabels.ReadIntention(Labels);

    /// <summary>Its restart policy says that it never comes back.</summary>
    public bool IsGone => Container.HostConfig?.RestartPolicy?.Name is null or RestartPolicyKind.No or RestartPolicyKind.Undefined;

    /// <summary>Made, and neither started nor tried to.</summary>
    public bool IsFresh => State is { Status: "created", Error: null or "" };

    /// <summary>Whether the container's processes live, or will again.</summary>
    public bool IsStarted => State.Status is "running" or "restarting" or "paused";

    // An engine starts a container again unless it was asked to stop it; one that it could not start again has an error.
    public Wanted Wanted =>
        IsGone ? Wanted.Gone
        : State is { Status: "exited", Error: null or "" } ? Wanted.Stopped
        : Wanted.Running;

    /// <summary>Where its port is published; null where the engine has not published any.</summary>
    public IPEndPoint? Endpoint
    {
        get
        {
            foreach (var binding in (Container.NetworkSettings?.Ports ?? new Dictionary<string, IList<PortBinding>>()).SelectMany(port => port.Value ?? []))
            {
                if (IPAddress.TryParse(binding.HostIP, out var address)
                    && int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var published))
                {
                    return new IPEndPoint(ToReach(address), published);
                }
            }

            return null;
        }
    }

    /// <summary>How the run that has ended, or the one before, came to its end: <c>exit code 3</c>.</summary>
    public string End => State switch
    {
        { Error: { Length: > 0 } error } => EngineMessage.ToLine(error),
        { OOMKilled: true } => "killed: out of memory",
        var state => string.Create(CultureInfo.InvariantCulture, $"exit code {state.ExitCode}"),
    };

    // "Every address" is no address to connect to.
    private static IPAddress ToReach(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;
}
