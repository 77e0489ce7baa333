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
    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> _failures = [];
    private DateTimeOffset _sweepAt;

    /// <summary>How long nobody can log in from an address; null where one can.</summary>
    public TimeSpan? RefusalOf(IPAddress? address)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            return _failures.TryGetValue(KeyOf(address), out var failures)
                && failures.Count >= Limit
                && failures.Peek() + Window - now is var wait
                && wait > TimeSpan.Zero ? wait : null;
        }
    }

    public void Add(IPAddress? address)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            Sweep(now);
            var key = KeyOf(address);
            if (!_failures.TryGetValue(key, out var failures))
            {
                _failures[key] = failures = new Queue<DateTimeOffset>(Limit);
            }

            if (failures.Count == Limit)
            {
                failures.Dequeue();
            }

            failures.Enqueue(now);
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        if (now < _sweepAt)
        {
            return;
        }

        _sweepAt = now + Window;
        foreach (var (key, failures) in _failures)
        {
            if (failures.Last() + Window < now)
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
