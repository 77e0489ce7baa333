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

    /// <summary>
    /// On this machine, to be killed within seconds. Half of the processor time of such a life is compilation: it is not to
    /// count its calls for another one that it hardly ever sees.
    /// </summary>
    public static DeploysterPlace ForSeconds { get; } = new()
    {
        Environment = new Dictionary<string, string> { ["DOTNET_TC_CallCounting"] = "0" },
    };

    /// <summary>Within a private network, where the tests reach it all the same.</summary>
    public DeploysterPlace In(PrivateNetwork network) => this with { Address = network.Address, Prefix = network.Prefix };

    /// <summary>With more in its environment.</summary>
    public DeploysterPlace With(IReadOnlyDictionary<string, string> environment) =>
        this with { Environment = Environment.Concat(environment).ToDictionary() };
}
