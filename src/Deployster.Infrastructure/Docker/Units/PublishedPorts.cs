using System.Globalization;
using System.Net;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Reads where a container's ports are published.</summary>
internal static class PublishedPorts
{
    /// <summary>Where the first one can be reached, as an inspection tells.</summary>
    public static IPEndPoint? Find(IDictionary<string, IList<PortBinding>>? ports) => (
        from port in ports?.Values ?? []
        from binding in port ?? []
        select ToReach(binding.HostIP, Read(binding.HostPort))).FirstOrDefault(found => found is not null);

    /// <summary>Where the first one can be reached, as a list tells.</summary>
    public static IPEndPoint? Find(IEnumerable<PortSummary>? ports) =>
        (ports ?? []).Select(port => ToReach(port.IP, (int)(port.PublicPort ?? 0))).FirstOrDefault(found => found is not null);

    /// <summary>The machine's ports that a container has, whether it runs or not.</summary>
    public static IEnumerable<int> Claimed(HostConfig? config) =>
        from port in config?.PortBindings?.Values ?? []
        from binding in port ?? []
        let number = Read(binding.HostPort)
        where number > 0
        select number;

    private static int Read(string? port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // "Every address" is no address to connect to.
    private static IPEndPoint? ToReach(string? text, int port) =>
        port == 0 || !IPAddress.TryParse(text, out var address) ? null
        : new IPEndPoint(
            address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : address,
            port);
}
