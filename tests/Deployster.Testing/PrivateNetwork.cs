using System.Net;

namespace Deployster.Testing;

/// <summary>
/// A network namespace of a test's own, joined to the machine's by a pair of interfaces. An engine within it may have
/// bridges and rules of its own, and be restarted, without touching those of the machine.
/// </summary>
public sealed class PrivateNetwork : IAsyncDisposable
{
    private readonly string _name;

    private PrivateNetwork(int number)
    {
        _name = $"dpl-{number}";
        Address = IPAddress.Parse($"10.231.{number}.2");
    }

    /// <summary>Where what listens within it is reached.</summary>
    public IPAddress Address { get; }

    /// <summary>What stands before a command that is to run within it as root. It shares all but the network.</summary>
    internal IReadOnlyList<string> RootPrefix => ["nsenter", $"--net=/run/netns/{_name}"];

    /// <summary>What stands before a command that is to run within it as the tests' own user.</summary>
    internal IReadOnlyList<string> Prefix => Environment.IsPrivilegedProcess
        ? RootPrefix
        : [.. Privileged.Prefix, .. RootPrefix, "sudo", "-n", "-u", Environment.UserName];

    private string Outside => $"{_name}-out";

    private string Inside => $"{_name}-in";

    /// <summary>Makes one, with addresses that no other has.</summary>
    public static async Task<PrivateNetwork> CreateAsync()
    {
        for (var tries = 1; tries <= 20; tries++)
        {
            var number = Random.Shared.Next(256);
            var network = new PrivateNetwork(number);

            // Only one can take the name, and with it the addresses.
            if (await Privileged.RunAsync("ip", "netns", "add", network._name) == 0)
            {
                try
                {
                    await network.JoinAsync($"10.231.{number}.1/30");
                    return network;
                }
                catch
                {
                    await network.DisposeAsync();
                    throw;
                }
            }
        }

        throw new InvalidOperationException("No network namespace could be made.");
    }

    /// <summary>Removes it; what runs within it must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Privileged.RunAsync("sh", "-c", $"ip link delete {Outside} 2>/dev/null; ip netns delete {_name}");
    }

    private async Task JoinAsync(string outsideAddress)
    {
        string[] commands =
        [
            $"ip -n {_name} link set lo up",
            $"ip link add {Outside} type veth peer name {Inside} netns {_name}",
            $"ip address add {outsideAddress} dev {Outside}",
            $"ip link set {Outside} up",
            $"ip -n {_name} address add {Address}/30 dev {Inside}",
            $"ip -n {_name} link set {Inside} up",
        ];
        foreach (var command in commands)
        {
            if (await Privileged.RunAsync(command.Split(' ')) != 0)
            {
                throw new InvalidOperationException($"It failed: {command}");
            }
        }
    }
}
