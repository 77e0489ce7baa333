using Deployster.Application.History;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>The history as rollouts use it: where it fails they go on without.</summary>
internal sealed partial class DeployArchive(IDeployHistory history, TimeProvider time, ILogger<DeployArchive> logger)
{
    /// <summary>How long a history that failed is left alone.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // For all deploys together: many must not wait, one after the other, for a history that does not answer.
    private DateTimeOffset _saveAfter;

    public async Task TrySaveAsync(WatchedDeploy deploy, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() < _saveAfter)
        {
            return;
        }

        try
        {
            await deploy.SaveAsync(history, cancellationToken);
        }
        catch (HistoryUnavailableException e)
        {
            _saveAfter = time.GetUtcNow() + RetryAfter;
            LogNotSaved(deploy.Record.Deploy.ToString(), e.Message);
        }
    }

    public Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken) =>
        HistoryFallback.ReadAsync(() => history.FindAsync(service, version, timestamp, cancellationToken), null, LogNotRead);

    /// <summary>The deploys whose end is not written down; null where the history does not tell.</summary>
    public Task<IReadOnlyList<DeployRecord>?> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        HistoryFallback.ReadAsync<IReadOnlyList<DeployRecord>?>(
            async () => await history.ListUnfinishedAsync(cancellationToken), null, LogNotRead);

    public Task<IReadOnlyList<DeployEvent>> ReadEventsAsync(DeployId deploy, CancellationToken cancellationToken) =>
        HistoryFallback.ReadAsync(() => history.ReadEventsAsync(deploy, 0, cancellationToken), [], LogNotRead);

    [LoggerMessage(LogLevel.Warning, "{Deploy} goes on without being written down: {Cause}")]
    private partial void LogNotSaved(string deploy, string cause);

    [LoggerMessage(LogLevel.Warning, "Going on with what the fleet tells: {Cause}")]
    private partial void LogNotRead(string cause);
}
