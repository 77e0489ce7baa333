using System.Net;
using System.Net.Sockets;

namespace Deployster.Api.Authentication;

/// <summary>Counts failed logins by address, so that nobody can try passwords one after the other.</summary>
internal sealed class FailedLogins(TimeProvider time)
{
    /// <summary>How many an address may have within <see cref="Window"/>.</summary>
    public const int Limit = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int NetworkBytes = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Queue<long>> _failures = [];
    private long? _sweptAt;

    /// <summary>How long nobody can log in from an address; null where one can.</summary>
    public TimeSpan? RefusalOf(IPAddress? address)
    {
        lock (_lock)
        {
            return _failures.TryGetValue(KeyOf(address), out var failures)
                && failures.Count >= Limit
                && Window - time.GetElapsedTime(failures.Peek()) is var wait
                && wait > TimeSpan.Zero ? wait : null;
        }
    }

    public void Add(IPAddress? address)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            var key = KeyOf(address);
            if (!_failures.TryGetValue(key, out var failures))
            {
                _failures[key] = failures = new Queue<long>(Limit);
            }

            if (failures.Count == Limit)
            {
                failures.Dequeue();
            }

            failures.Enqueue(now);
        }
    }

    private void Sweep(long now)
    {
        if (_sweptAt is { } sweptAt && time.GetElapsedTime(sweptAt, now) < Window)
        {
            return;
        }

        _sweptAt = now;
        foreach (var (key, failures) in _failures)
        {
            if (time.GetElapsedTime(failures.Last(), now) > Window)
            {
                _failures.Remove(key);
            }
        }
    }

    // Whoever has one IPv6 address has the whole network of it.
    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address ?? IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
