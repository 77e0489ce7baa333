using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Routing;

/// <summary>Keeps a gateway's routes up to date, and tells which units it has let go.</summary>
internal sealed partial class RouteFollower(IRouteSource source, Router router, ILogger<RouteFollower> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(FollowAsync(stoppingToken), TellAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in source.FollowAsync(cancellationToken))
        {
            router.Apply(table);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await foreach (var (unit, version) in router.LetGo.ReadAllAsync(cancellationToken))
        {
            // Beside each other: one that cannot be told must not hold up the rest.
            _ = TellAsync(unit, version, cancellationToken);
        }
    }

    private async Task TellAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        try
        {
            await source.LetGoAsync(unit, version, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Who does not hear of it now asks again with the next table.
            LogNotTold(unit.ToString(), e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Could not tell that {Unit} has no request any more: {Cause}")]
    private partial void LogNotTold(string unit, string cause);
}
