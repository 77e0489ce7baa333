using System.Net;

namespace Deployster.Testing;

/// <summary>Where a Deployster runs, and in which environment.</summary>
public sealed record DeploysterPlace
{
    /// <summary>The address at which its API listens.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>What stands before its command line, to run it elsewhere.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>The environment that it gets besides the tests' own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Within a private network, where the tests reach it all the same.</summary>
    public static DeploysterPlace In(PrivateNetwork network) => new() { Address = network.Address, Prefix = network.Prefix };
}
