using System.Collections.Immutable;
using Deployster.Application.Routing;
using Deployster.Domain.Names;

namespace Deployster.Gateway.Routing;

/// <summary>Shares a service's requests out among its units, and tells when one that is draining has none any more.</summary>
internal sealed class ServiceRoute(ServiceName service, Action<UnitName, long> drained, TimeProvider time)
{
    // As long as it takes until the table says how a unit does, or it is worth another try.
    private static readonly TimeSpan s_down = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ImmutableArray<Upstream> _upstreams = [];
    private long _version;
    private int _turn;

    public ServiceName Service { get; } = service;

    /// <summary>Takes over what a table says of the units.</summary>
    public void Update(ImmutableArray<RoutedUnit> units, long version)
    {
        lock (_lock)
        {
            var known = _upstreams.ToDictionary(upstream => (upstream.Unit, upstream.Endpoint));
            _version = version;
            _upstreams = [.. units.Where(unit => unit.Endpoint is not null).Select(unit =>
            {
                var upstream = known.GetValueOrDefault((unit.Name, unit.Endpoint!)) ?? new Upstream(unit.Name, unit.Endpoint!);
                upstream.Traffic = unit.Traffic;
                upstream.IsDrained = false;
                return upstream;
            })];
            foreach (var upstream in _upstreams)
            {
                TellIfDrained(upstream);
            }
        }
    }

    /// <summary>
    /// The unit that a request goes to, which has it from now on until <see cref="Leave"/>: the one with the fewest.
    /// Null where there is none that was not tried.
    /// </summary>
    public Upstream? Enter(IReadOnlyCollection<Upstream> tried)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var isAnyStaying = _upstreams.Any(upstream => upstream.Traffic != UnitTraffic.Draining);
            Upstream? best = null;
            var (bestRank, count, first) = (int.MaxValue, _upstreams.Length, _turn++ & int.MaxValue);
            for (var i = 0; i < count; i++)
            {
                var upstream = _upstreams[(first + i) % count];
                if (RankOf(upstream, isAnyStaying, IsDown(upstream, now)) is { } rank
                    && (rank < bestRank || (rank == bestRank && upstream.InFlight < best!.InFlight))
                    && !tried.Contains(upstream))
                {
                    (best, bestRank) = (upstream, rank);
                }
            }

            if (best is not null)
            {
                best.InFlight++;
            }

            return best;
        }
    }

    /// <summary>A request has ended.</summary>
    public void Leave(Upstream upstream)
    {
        lock (_lock)
        {
            upstream.InFlight--;
            TellIfDrained(upstream);
        }
    }

    /// <summary>A unit does not answer: others are preferred for a while.</summary>
    public void Avoid(Upstream upstream)
    {
        lock (_lock)
        {
            upstream.DownSince = time.GetTimestamp();
        }
    }

    // A unit that is on standby, or draining, is the last resort while those that should answer do not: it is not needed
    // because of them. Where all of the service is draining, none is wanted.
    private static int? RankOf(Upstream upstream, bool isAnyStaying, bool isDown) =>
        (upstream.Traffic, isDown) switch
        {
            (UnitTraffic.Serving, false) => 0,
            (UnitTraffic.Standby, false) => 1,
            (UnitTraffic.Draining, false) when isAnyStaying && !upstream.IsDrained => 1,
            (UnitTraffic.Serving, true) => 2,
            _ => null,
        };

    private bool IsDown(Upstream upstream, long now) =>
        upstream.DownSince is { } since && time.GetElapsedTime(since, now) < s_down;

    private void TellIfDrained(Upstream upstream)
    {
        if (upstream is { Traffic: UnitTraffic.Draining, InFlight: 0 })
        {
            upstream.IsDrained = true;
            drained(upstream.Unit, _version);
        }
    }
}
