using System.Collections.Immutable;
using Deployster.Application;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Deployster.Gateway.Http1;

namespace Deployster.Gateway.Routing;

/// <summary>Shares a service's requests out among its units, and tells when one that is draining has none any more.</summary>
internal sealed class ServiceRoute(
    ServiceName service, Action<UnitName, long> drained, ConnectionWatch watch, TimeProvider time)
{
    // As long as it takes until the table says how a unit does, or it is worth another try.
    private static readonly TimeSpan s_down = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Signal _changed = new();
    private ImmutableArray<Upstream> _upstreams = [];
    private volatile Route _route = new(service, [], []);
    private long _version;
    private int _turn;

    public ServiceName Service { get; } = service;

    /// <summary>How requests are handled on their way.</summary>
    public RouteSettings Settings => _route.Settings;

    /// <summary>Why the service is closed; null where it is open.</summary>
    public Maintenance? Maintenance => _route.Maintenance;

    /// <summary>The host names of the service.</summary>
    public ImmutableArray<string> Hosts => _route.Hosts;

    /// <summary>Ends with the next table.</summary>
    public Task Changed => _changed.Next;

    /// <summary>Whether a path is under the service's prefix: <c>/api/a</c> is under <c>/api</c>, <c>/apiary</c> is not.</summary>
    public bool Takes(string path) =>
        Settings.PathPrefix is not { Value: var prefix }
        || (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?'));

    /// <summary>Takes over what a table says of the service.</summary>
    public void Update(Route route, long version)
    {
        _route = route;
        Update(route.Units, version);
        _changed.Set();
    }

    /// <summary>Takes over what a table says of the units.</summary>
    private void Update(ImmutableArray<RoutedUnit> units, long version)
    {
        lock (_lock)
        {
            var known = _upstreams.ToDictionary(upstream => (upstream.Unit, upstream.Endpoint));
            _version = version;
            _upstreams = [.. units.Select(unit => (Unit: unit, Endpoint: unit.Endpoint ?? EndpointInUse(unit))).Where(entry => entry.Endpoint is not null).Select(entry =>
            {
                var (unit, endpoint) = entry;
                var upstream = known.GetValueOrDefault((unit.Name, endpoint!)) ?? new Upstream(unit.Name, endpoint!, watch);
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
    /// The unit that a request goes to, which has it from now on until <see cref="Leave"/>: the one that the client is
    /// kept at, as long as it serves, else the one with the fewest. Null where there is none that was not tried.
    /// </summary>
    public Upstream? Enter(IReadOnlyCollection<Upstream> tried, string? keptAt = null)
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
                    && (rank < bestRank || (rank == bestRank && IsBetter(upstream, best!, keptAt)))
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
    /// <returns>Whether that is news.</returns>
    public bool Avoid(Upstream upstream)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var wasDown = IsDown(upstream, now);
            upstream.DownSince = wasDown ? upstream.DownSince : now;
            return !wasDown;
        }
    }

    // A unit that has no address for a moment, as one does that restarts, still has its requests.
    private string? EndpointInUse(RoutedUnit unit) =>
        _upstreams.FirstOrDefault(upstream => upstream.Unit == unit.Name && upstream.InFlight > 0)?.Endpoint;

    private static bool IsBetter(Upstream one, Upstream other, string? keptAt) =>
        keptAt is not null && (one.Key == keptAt || other.Key == keptAt) ? one.Key == keptAt : one.InFlight < other.InFlight;

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
