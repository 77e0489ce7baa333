using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Routing;

/// <summary>
/// The routing table as gateways follow it. A unit that is to be destroyed is drained in agreement with all of them:
/// each tells when it has no request there any more. A gateway that has gone away is waited for as long as its requests
/// may go on, for it may still be sending some.
/// </summary>
public sealed partial class Routes : ITraffic
{
    // So that a follower can tell that it is still being told, and does not miss a change in any case.
    private static readonly TimeSpan s_repeatAfter = TimeSpan.FromSeconds(5);

    private readonly HostNames _names;
    private readonly DrainOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Routes> _logger;
    private readonly Task _gatewaysAreBack;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Presence> _gateways = [];
    private readonly Dictionary<UnitName, Drain> _drains = [];
    private IReadOnlyDictionary<ServiceName, Maintenance> _closed = ImmutableDictionary<ServiceName, Maintenance>.Empty;
    private FleetReading? _fleet;
    private RoutingTable? _table;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins with an empty table, which no gateway sees until a fleet has been shown.</summary>
    public Routes(
        HostNames names, DrainOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Routes> logger)
    {
        (_names, _options, _time, _logger) = (names, options, time, logger);
        _gatewaysAreBack = WaitForGatewaysAsync(lifetime.ApplicationStarted);
    }

    /// <inheritdoc />
    public void Show(FleetReading fleet)
    {
        lock (_lock)
        {
            if (fleet.Version <= _fleet?.Version)
            {
                return;
            }

            _fleet = fleet;
            var units = fleet.Units.Select(unit => unit.Name).ToHashSet();
            foreach (var (unit, drain) in _drains.Where(entry => !units.Contains(entry.Key)).ToList())
            {
                _drains.Remove(unit);
                drain.Complete();
            }

            Publish();
        }
    }

    /// <inheritdoc />
    public async Task DrainAsync(UnitName unit, CancellationToken cancellationToken)
    {
        if (IsRouted(unit))
        {
            await _gatewaysAreBack.WaitAsync(cancellationToken);
        }

        var drain = Begin(unit);
        try
        {
            await drain.Done.WaitAsync(_options.Timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotDrained(unit.ToString(), _options.Timeout.TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            StopDraining(unit);
            throw;
        }

        lock (_lock)
        {
            drain.IsOver = true;
            Publish();
        }
    }

    /// <inheritdoc />
    public void StopDraining(UnitName unit)
    {
        lock (_lock)
        {
            if (_drains.Remove(unit))
            {
                Publish();
            }
        }
    }

    /// <summary>The routes as they are; none before a fleet has been shown.</summary>
    public ImmutableArray<Route> Current
    {
        get
        {
            lock (_lock)
            {
                return _table?.Routes ?? [];
            }
        }
    }

    /// <summary>Whether a service has a route.</summary>
    public bool Knows(ServiceName service) => Current.Any(route => route.Service == service);

    /// <summary>Tells which services are closed.</summary>
    public void Close(IReadOnlyDictionary<ServiceName, Maintenance> closed)
    {
        lock (_lock)
        {
            _closed = closed;
            Publish();
        }
    }

    /// <summary>The table as it is once a fleet has been shown, then again whenever it has changed, and now and then.</summary>
    /// <param name="gateway">The gateway that follows: no unit is destroyed that it has not drained. Null for who only looks on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<RoutingTable> FollowAsync(
        string? gateway, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Attach(gateway);
        try
        {
            var seen = 0L;
            while (true)
            {
                RoutingTable? table;
                Task change;
                lock (_lock)
                {
                    (table, change) = (_table, _change.Task);
                }

                if (table?.Version > seen)
                {
                    seen = table.Version;
                    yield return table;
                }
                else if (!await IsChangedAsync(change, cancellationToken))
                {
                    seen = 0;
                }
            }
        }
        finally
        {
            Detach(gateway);
        }
    }

    /// <summary>A gateway has drained a unit, by the table of a version: it has no request there, and will send none.</summary>
    public void TellDrained(string gateway, UnitName unit, long version)
    {
        lock (_lock)
        {
            if (_drains.TryGetValue(unit, out var drain) && version >= drain.Version)
            {
                drain.DrainedBy.Add(gateway);
                CompleteIfDrained(drain);
            }
        }
    }

    private async Task WaitForGatewaysAsync(CancellationToken isStarted)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = isStarted.Register(started.SetResult);
        await started.Task;
        await Task.Delay(_options.Grace, _time, CancellationToken.None);
    }

    private Drain Begin(UnitName unit)
    {
        lock (_lock)
        {
            var drain = new Drain();
            _drains[unit] = drain;
            Publish();
            drain.Version = _table?.Version ?? 0;
            if (IsRouted(unit))
            {
                CompleteIfDrained(drain);
            }
            else
            {
                drain.Complete();
            }

            return drain;
        }
    }

    // What is not known yet may be.
    private bool IsRouted(UnitName unit) =>
        _table?.Routes.Any(route => route.Units.Any(routed => routed.Name == unit && routed.Endpoint is not null)) ?? true;

    private void CompleteIfDrained(Drain drain)
    {
        var forgotten = _time.GetMonotonicTime() - _options.Timeout;
        if (_gateways.All(gateway => drain.DrainedBy.Contains(gateway.Key) || gateway.Value.AwaySince < forgotten))
        {
            drain.Complete();
        }
    }

    private async Task<bool> IsChangedAsync(Task change, CancellationToken cancellationToken)
    {
        try
        {
            await change.WaitAsync(s_repeatAfter, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Attach(string? gateway)
    {
        if (gateway is null)
        {
            return;
        }

        lock (_lock)
        {
            var connections = _gateways.GetValueOrDefault(gateway)?.Connections ?? 0;
            _gateways[gateway] = new Presence(connections + 1, null);
        }
    }

    private void Detach(string? gateway)
    {
        if (gateway is null)
        {
            return;
        }

        lock (_lock)
        {
            var connections = _gateways[gateway].Connections - 1;
            _gateways[gateway] = new Presence(connections, connections == 0 ? _time.GetMonotonicTime() : null);
        }
    }

    private void Publish()
    {
        if (_fleet is null)
        {
            return;
        }

        var routes = RoutingTable.RoutesOf(_fleet, _names, _drains, _closed);
        if (_table is null || !_table.Routes.SequenceEqual(routes))
        {
            _table = new RoutingTable(Math.Max(_table?.Version ?? 0, _time.GetUtcNow().UtcTicks - 1) + 1, routes);
            var change = _change;
            _change = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            change.SetResult();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Requests at {Unit} have not ended within {Seconds} s, and end with it.")]
    private partial void LogNotDrained(string unit, double seconds);

    private sealed record Presence(int Connections, TimeSpan? AwaySince);
}
