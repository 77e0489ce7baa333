using Deployster.Application.History;
using Deployster.Application.Webhooks;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Rollouts;

/// <summary>The history as rollouts use it: where it fails they go on without.</summary>
internal sealed partial class DeployArchive(
    IDeployHistory history, TimeProvider time, ILogger<DeployArchive> logger, Outbox? outbox = null)
{
    /// <summary>How long a history that failed is left alone.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // For all deploys together: many must not wait, one after the other, for a history that does not answer.
    private TimeSpan? _failedAt;

    public async Task TrySaveAsync(LiveRollout rollout, CancellationToken cancellationToken)
    {
        if (time.GetMonotonicTime() - _failedAt < RetryAfter)
        {
            outbox?.Hold(rollout.Record);
            return;
        }

        try
        {
            await rollout.SaveAsync(history, cancellationToken);
        }
        catch (HistoryUnavailableException e)
        {
            _failedAt = time.GetMonotonicTime();
            LogNotSaved(rollout.Record.DeployId.ToString(), e.Message);
            outbox?.Hold(rollout.Record);
        }
    }

    /// <summary>A deploy as the history has it; null where it has none, or does not tell.</summary>
    public async Task<DeployRecord?> FindAsync(
        ServiceName service, VersionTag version, DeployTimestamp? timestamp, CancellationToken cancellationToken) =>
        (await TryReadAsync(() => history.FindAsync(service, version, timestamp, cancellationToken)))?.Value;

    /// <summary>A deploy as the history has it; null where the history does not tell.</summary>
    public Task<Told<DeployRecord?>?> TryFindAsync(DeployId deployId, CancellationToken cancellationToken) =>
        TryReadAsync(() => history.FindAsync(deployId.Service, deployId.Version, deployId.Timestamp, cancellationToken));

    /// <summary>The deploys whose end is not written down; null where the history does not tell.</summary>
    public Task<Told<IReadOnlyList<DeployRecord>>?> TryListUnfinishedAsync(CancellationToken cancellationToken) =>
        TryReadAsync(() => history.ListUnfinishedAsync(cancellationToken));

    /// <summary>The deploys that are to keep units; null where the history does not tell.</summary>
    public Task<Told<IReadOnlyList<DeployRecord>>?> TryListKeptAsync(CancellationToken cancellationToken) =>
        TryReadAsync(() => history.ListKeptAsync(cancellationToken));

    /// <summary>What has happened to a deploy; null where the history does not tell.</summary>
    public Task<Told<IReadOnlyList<DeployEvent>>?> TryReadEventsAsync(DeployId deployId, CancellationToken cancellationToken) =>
        TryReadAsync(() => history.ReadEventsAsync(deployId, 0, cancellationToken));

    private async Task<Told<T>?> TryReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return new Told<T>(await read());
        }
        catch (HistoryUnavailableException e)
        {
            LogNotRead(e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Deploy} goes on without being written down: {Cause}")]
    private partial void LogNotSaved(string deploy, string cause);

    [LoggerMessage(LogLevel.Warning, "Going on with what the fleet tells: {Cause}")]
    private partial void LogNotRead(string cause);
}
