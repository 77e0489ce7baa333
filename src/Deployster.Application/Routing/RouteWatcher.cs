using System.Threading.Channels;
using Deployster.Application.Fleet;
using Deployster.Application.Rollouts;
using Deployster.Domain.Units;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Routing;

/// <summary>
/// Shows the fleet to the gateways where no rollout does: as soon as the fleet tells of a change, soon while a unit is
/// on its way to be healthy, which fleets do not tell of, and now and then in case something was missed.
/// </summary>
internal sealed partial class RouteWatcher(
    IFleetClient fleet,
    IFleetChanges changes,
    ITraffic traffic,
    WatchedDeploys deploys,
    TimeProvider time,
    ILogger<RouteWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_nowAndThen = TimeSpan.FromSeconds(10);

    // However many changes there are, one look shows them all.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ListenAsync(stoppingToken), ShowAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var _ in changes.WatchAsync(cancellationToken))
                {
                    _changed.Writer.TryWrite(true);
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotTold(e.Message);
            }

            await Task.Delay(s_soon, time, cancellationToken);
        }
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = s_soon;
            try
            {
                // A rollout's watcher reads the fleet every second already.
                if (deploys.UnderWay.Count == 0)
                {
                    var snapshot = await FleetSnapshot.TakeAsync(fleet, cancellationToken);
                    traffic.Show(snapshot);
                    pause = IsSettled(snapshot) ? s_nowAndThen : s_soon;
                    told = null;
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it was, requests go on to where they went.
                if (e.Message != told)
                {
                    LogNotRead(told = e.Message);
                }
            }

            await WaitAsync(pause, cancellationToken);
        }
    }

    private static bool IsSettled(FleetSnapshot fleet)
    {
        var healthy = fleet.States.Where(state => state.IsHealthy).Select(state => state.Name).ToHashSet();
        return fleet.Units.All(unit => unit.TargetState != TargetState.Launched || healthy.Contains(unit.Name));
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(LogLevel.Debug, "The fleet does not tell of changes for now: {Cause}")]
    private partial void LogNotTold(string cause);

    [LoggerMessage(LogLevel.Warning, "Routes stay as they are: {Cause}")]
    private partial void LogNotRead(string cause);
}
