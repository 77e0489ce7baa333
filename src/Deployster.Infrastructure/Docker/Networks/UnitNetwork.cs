using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Networks;

/// <summary>
/// The network that units and tasks are in, where services find each other by their names. It is made where it is missing,
/// and a Deployster that runs in a container joins it, so that gateway and probes reach each unit at its own address.
/// </summary>
internal sealed partial class UnitNetwork(DockerEngine engine, DockerOptions options, ILogger<UnitNetwork> logger) : IDisposable
{
    private const int MaxTries = 5;

    private readonly SemaphoreSlim _turn = new(1);
    private volatile NetworkPlace? _place;

    /// <summary>What is known of it without asking; null before <see cref="GetAsync"/>.</summary>
    public NetworkPlace? Known => _place;

    /// <summary>The network, which is there from now on.</summary>
    public async Task<NetworkPlace> GetAsync(CancellationToken cancellationToken)
    {
        if (_place is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _place ??= await FindOrMakeAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>It may be gone, or another one: it is looked for again.</summary>
    public void Forget() => _place = null;

    public void Dispose() => _turn.Dispose();

    private async Task<NetworkPlace> FindOrMakeAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
        var place = Read(found);
        if (!place.IsReachable && await JoinAsync(found.ID, cancellationToken))
        {
            place = Read(found);
        }

        LogPlace(place.Name, place.Subnet, place.IsReachable ? "are reached at their own addresses" : "are reached by published ports");
        return place;
    }

    // The engine may have two of a name. The older one is meant by everybody.
    private async Task<NetworkResponse?> FindAsync(CancellationToken cancellationToken)
    {
        var parameters = new NetworksListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["name"] = new Dictionary<string, bool> { [options.NetworkName] = true },
            },
        };
        var networks = await engine.AskAsync((client, token) => client.Networks.ListNetworksAsync(parameters, token), cancellationToken);
        return networks.Where(network => network.Name == options.NetworkName).MinBy(network => (network.Created, network.ID));
    }

    private async Task<NetworkResponse> MakeAsync(CancellationToken cancellationToken)
    {
        NetworksCreateResponse? made = null;
        for (var tries = 1; made is null; tries++)
        {
            try
            {
                var addresses = AddressesOf(await FindFreeSubnetAsync(cancellationToken));
                made = await CreateAsync(options.NetworkName, addresses, cancellationToken);
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
            {
                // Another Deployster was quicker.
                break;
            }
            catch (DockerApiException e) when (tries < MaxTries)
            {
                // Another network has these addresses since just now.
                LogNotMade(options.NetworkName, EngineMessage.Of(e));
            }
        }

        var found = await FindAsync(cancellationToken);
        if (made is not null && found is not null && found.ID != made.ID)
        {
            // Another one was quicker, and the engine made both.
            await RemoveAsync(made.ID, cancellationToken);
        }

        return found
            ?? throw new UnitNetworkException($"the network {options.NetworkName} was removed while it was made");
    }

    // An engine lets containers choose their addresses only in a network that was made with a subnet, and which subnets are
    // free only the engine knows. So it is asked for a network, to give its subnet back.
    private async Task<IPNetwork> FindFreeSubnetAsync(CancellationToken cancellationToken)
    {
        var made = await CreateAsync($"{options.NetworkName}-{Guid.NewGuid():N}", ipam: null, cancellationToken);
        try
        {
            var network = await engine.AskAsync((client, token) => client.Networks.InspectNetworkAsync(made.ID, token), cancellationToken);
            return SubnetOf(network).Subnet;
        }
        finally
        {
            await RemoveAsync(made.ID, CancellationToken.None);
        }
    }

    // Units choose from the lower half of the addresses, and the engine gives others what is in the upper half.
    private static IPAM AddressesOf(IPNetwork subnet)
    {
        var bytes = subnet.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        var gateway = new IPAddress(bytes);
        bytes[^1]--;
        bytes[subnet.PrefixLength / 8] |= (byte)(0x80 >> (subnet.PrefixLength % 8));
        return new IPAM
        {
            Config =
            [
                new IPAMConfig
                {
                    Subnet = subnet.ToString(),
                    Gateway = gateway.ToString(),
                    IPRange = new IPNetwork(new IPAddress(bytes), subnet.PrefixLength + 1).ToString(),
                },
            ],
        };
    }

    private Task<NetworksCreateResponse> CreateAsync(string name, IPAM? ipam, CancellationToken cancellationToken)
    {
        var parameters = new NetworksCreateParameters
        {
            Name = name,
            Driver = "bridge",
            IPAM = ipam,
            Labels = options.Scope.AddTo(new Dictionary<string, string> { ["deployster.network"] = options.NetworkName }),
        };
        return engine.AskAsync((client, token) => client.Networks.CreateNetworkAsync(parameters, token), cancellationToken);
    }

    private Task RemoveAsync(string id, CancellationToken cancellationToken) => engine.DoAsync(
        (client, token) => client.Networks.DeleteNetworkAsync(id, token), options.AnswerLimit, cancellationToken);

    private (IPNetwork Subnet, IPAMConfig Config) SubnetOf(NetworkResponse network)
    {
        foreach (var config in network.IPAM?.Config ?? [])
        {
            if (IPNetwork.TryParse(config.Subnet, out var subnet) && subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            {
                return (subnet, config);
            }
        }

        throw new UnitNetworkException($"the network {options.NetworkName} has no IPv4 addresses");
    }

    private NetworkPlace Read(NetworkResponse network)
    {
        var (subnet, config) = SubnetOf(network);
        var gateway = IPAddress.TryParse(config.Gateway, out var address) ? address : subnet.BaseAddress;
        IPNetwork? range = IPNetwork.TryParse(config.IPRange, out var some) ? some : null;
        return new NetworkPlace(options.NetworkName, subnet, gateway, range, IsReachable(subnet));
    }

    // This machine has the engine's address in the network, or this container has its own.
    private static bool IsReachable(IPNetwork subnet) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Any(own => subnet.Contains(own.Address));

    private async Task<bool> JoinAsync(string network, CancellationToken cancellationToken)
    {
        var self = Environment.MachineName;
        if (!ContainerId().IsMatch(self))
        {
            return false;
        }

        try
        {
            await engine.DoAsync(
                (client, token) => client.Networks.ConnectNetworkAsync(network, new NetworkConnectParameters { Container = self }, token),
                options.AnswerLimit,
                cancellationToken);
            return true;
        }
        catch (DockerApiException e)
        {
            LogNotJoined(options.NetworkName, EngineMessage.Of(e));
            return false;
        }
    }

    // What a container is called within, unless somebody calls it otherwise.
    [GeneratedRegex(@"\A[0-9a-f]{12}\z")]
    private static partial Regex ContainerId();

    [LoggerMessage(LogLevel.Information, "Units are in the network {Network}, {Subnet}, and {Way}.")]
    private partial void LogPlace(string network, IPNetwork subnet, string way);

    [LoggerMessage(LogLevel.Warning, "The network {Network} cannot be made yet: {Cause}")]
    private partial void LogNotMade(string network, string cause);

    [LoggerMessage(LogLevel.Debug, "This container has not joined {Network}: {Cause}")]
    private partial void LogNotJoined(string network, string cause);
}
