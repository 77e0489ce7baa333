using System.Buffers.Binary;
using System.Net;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Networks;

/// <summary>
/// Gives each unit an address in the units' network for its life: in turn, so that one that is given up comes to somebody
/// else as late as can be.
/// </summary>
internal sealed class UnitAddresses(DockerEngine engine, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<uint, long> _given = [];
    private HashSet<uint> _taken = [];
    private long? _readAt;
    private uint? _last;

    /// <summary>An address that nobody has, to be given back by <see cref="Release"/> when a container has it, or none is to.</summary>
    public async Task<IPAddress> TakeAsync(NetworkPlace place, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_readAt is not { } read || time.GetElapsedTime(read) > s_age)
            {
                await ReadAsync(place, cancellationToken);
            }

            // Without the first and the last, which are the network's own.
            var first = ToNumber(place.Subnet.BaseAddress) + 1;
            var count = (uint)(Math.Pow(2, 32 - place.Subnet.PrefixLength) - 2);

            // Nobody knows which ones were given up before this process began.
            _last ??= AnyOf(first, count, place.Range);
            for (uint step = 1; step <= count; step++)
            {
                var number = first + ((_last.Value - first + step) % count);
                var address = ToAddress(number);
                if (_taken.Contains(number) || address.Equals(place.Gateway) || place.Range?.Contains(address) == true)
                {
                    continue;
                }

                lock (_given)
                {
                    if (_given.TryAdd(number, long.MaxValue))
                    {
                        _last = number;
                        return address;
                    }
                }
            }

            throw new UnitTroubleException($"none of the addresses {place.Subnet} is free", mayPass: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives an address back: from now on the engine's containers tell who has it.</summary>
    public void Release(IPAddress address)
    {
        lock (_given)
        {
            _given[ToNumber(address)] = time.GetTimestamp();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ReadAsync(NetworkPlace place, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var containers = await engine.ListContainersAsync("network", place.Name, cancellationToken);
        _taken = [.. containers.SelectMany(container => AddressesOf(container, place.Name))];
        _readAt = now;
        lock (_given)
        {
            foreach (var number in _given.Where(given => given.Value < now).Select(given => given.Key).ToList())
            {
                _given.Remove(number);
            }
        }
    }

    // Any one outside the range with the same chance: those that come after the range would all lead to the first address.
    private static uint AnyOf(uint first, uint count, IPNetwork? range)
    {
        var size = range is { } block ? (uint)Math.Pow(2, 32 - block.PrefixLength) : 0;
        var number = first + (uint)Random.Shared.NextInt64(Math.Max(1, (long)count - size));
        return range is { } skipped && number >= ToNumber(skipped.BaseAddress) ? number + size : number;
    }

    // The one that it was given, whether it runs or not, and the one that it has.
    private static IEnumerable<uint> AddressesOf(ContainerListResponse container, string network)
    {
        if (container.NetworkSettings?.Networks is not { } networks || !networks.TryGetValue(network, out var settings))
        {
            yield break;
        }

        foreach (var text in new[] { settings.IPAMConfig?.IPv4Address, settings.IPAddress })
        {
            if (IPAddress.TryParse(text, out var address) && address.GetAddressBytes().Length == 4)
            {
                yield return ToNumber(address);
            }
        }
    }

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
