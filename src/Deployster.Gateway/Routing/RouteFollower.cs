using Deployster.Application;
using Deployster.Application.Routing;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Gateway.Routing;

/// <summary>Keeps a gateway's routes up to date, and tells which units it has drained.</summary>
internal sealed partial class RouteFollower(IRouteSource source, Router router, TimeProvider time, ILogger<RouteFollower> logger)
    : ResilientService(time, logger)
{
    private readonly ILogger<RouteFollower> _logger = logger;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RunTogetherAsync([FollowAsync, TellAsync], stoppingToken);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var table in source.FollowAsync(cancellationToken))
        {
            router.Apply(table);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await foreach (var (unit, version) in router.Drained.ReadAllAsync(cancellationToken))
        {
            // Beside each other: one that cannot be told must not hold up the rest.
            _ = TellAsync(unit, version, cancellationToken);
        }
    }

    private async Task TellAsync(UnitName unit, long version, CancellationToken cancellationToken)
    {
        try
        {
            await source.TellDrainedAsync(unit, version, cancellationToken);
        }
        catch (Exception e)
        {
            // Who does not hear of it now asks again with the next table.
            LogNotTold(unit.ToString(), e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Could not tell that {Unit} is drained: {Cause}")]
    private partial void LogNotTold(string unit, string cause);
}
