using System.Net;
using Deployster.Domain.Names;

namespace Deployster.Domain.Specs;

/// <summary>A line of a container's hosts file, written as <c>docker run --add-host</c> takes it: <c>db:10.0.0.7</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">Its address, or <c>host-gateway</c> for the engine's machine.</param>
public sealed record ExtraHost(string Name, string Address)
{
    /// <summary>The grammar in words, for messages.</summary>
    public const string Rule = "name:address, the name a host's, the address an IP address or host-gateway, as db:10.0.0.7";

    private const string Gateway = "host-gateway";

    /// <summary>Reads one; null where <paramref name="text"/> is against the <see cref="Rule"/>.</summary>
    public static ExtraHost? Read(string text) =>
        text.Split(':', 2) is [var name, var address] && HostName.TryParse(name, out _)
        && (address == Gateway || (IPAddress.TryParse(address, out var parsed) && parsed.ToString() == address))
            ? new ExtraHost(name, address)
            : null;

    /// <summary><c>db:10.0.0.7</c></summary>
    public override string ToString() => $"{Name}:{Address}";
}
