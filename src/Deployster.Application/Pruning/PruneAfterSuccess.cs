using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Pruning;

/// <summary>Prunes a service's images when a deploy of it has succeeded. What cannot be done then is left to the next success.</summary>
internal sealed partial class PruneAfterSuccess(
    DuePrunes due, Pruner pruner, PruneSettings settings, TimeProvider time, ILogger<PruneAfterSuccess> logger) : ResilientService(time, logger)
{
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var service in due.ReadAllAsync(stoppingToken))
        {
            if (settings.KeepImages > 0)
            {
                await TryPruneAsync(service, stoppingToken);
            }
        }
    }

    private async Task TryPruneAsync(ServiceName service, CancellationToken cancellationToken)
    {
        try
        {
            await pruner.PruneAsync(service, isDryRun: false, cancellationToken);
        }
        catch (Exception e) when (e is FleetUnavailableException or HistoryUnavailableException)
        {
            LogPutOff(service.Value, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Images of {Service} that are not needed are left until its next success: {Cause}")]
    private partial void LogPutOff(string service, string cause);
}
