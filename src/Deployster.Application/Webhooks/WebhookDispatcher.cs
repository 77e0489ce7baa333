using System.Collections.Immutable;
using Deployster.Application.History;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Webhooks;

/// <summary>
/// Sends what is in the outbox: of each service to each receiver one after the other, in order, and again until it is taken;
/// nothing waits for another service's or another receiver's. What is done with is forgotten where it is written down.
/// </summary>
internal sealed partial class WebhookDispatcher(
    IReadOnlyList<WebhookReceiver> receivers,
    Outbox outbox,
    IWebhookSender sender,
    IDeliveryStore store,
    TimeProvider time,
    ILogger<WebhookDispatcher> logger) : ResilientService(time, logger)
{
    /// <summary>How long the deliveries of this process wait for those of the one before, which a silent history does not tell.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How many attempts at a receiver may be under way.</summary>
    public const int MostAtOnce = 4;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_storePause = TimeSpan.FromSeconds(5);

    private readonly ImmutableDictionary<string, SemaphoreSlim> _slots =
        receivers.ToImmutableDictionary(receiver => receiver.Key, _ => new SemaphoreSlim(MostAtOnce));

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Dispose()
    {
        foreach (var slots in _slots.Values)
        {
            slots.Dispose();
        }

        base.Dispose();
    }

    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        LogTelling(string.Join(", ", receivers));
        return RunTogetherAsync([KeepStoreAsync, SendAsync], stoppingToken);
    }

    private async Task KeepStoreAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var changed = outbox.Changed;
            try
            {
                await KeepStoreOnceAsync(stoppingToken);
                await changed.WaitAsync(stoppingToken);
            }
            catch (HistoryUnavailableException e)
            {
                // What is sent is sent; at the worst it is sent again after a restart.
                LogSilent(e.Message);
                await Task.Delay(s_storePause, Time, stoppingToken);
            }
        }
    }

    private async Task KeepStoreOnceAsync(CancellationToken stoppingToken)
    {
        if (!_loaded.Task.IsCompleted)
        {
            outbox.AddEarlier(await store.ListAsync(stoppingToken));
            _loaded.SetResult();
        }

        if (outbox.ToForget is { Count: > 0 } over)
        {
            await store.RemoveAsync(over, stoppingToken);
            outbox.Forget(over);
        }
    }

    private async Task SendAsync(CancellationToken stoppingToken)
    {
        await _loaded.Task.WaitAtMostAsync(Patience, Time, stoppingToken);
        var running = new Dictionary<OutboxLine, Task>();
        while (true)
        {
            var changed = outbox.Changed;
            foreach (var line in outbox.Lines.Where(line => !running.ContainsKey(line)))
            {
                running.Add(line, SendAsync(line, stoppingToken));
            }

            await Task.WhenAny([changed, .. running.Values]).WaitAsync(stoppingToken);
            foreach (var (line, ended) in running.Where(run => run.Value.IsCompleted).ToList())
            {
                running.Remove(line);
                await ended;
            }
        }
    }

    private async Task SendAsync(OutboxLine line, CancellationToken stoppingToken)
    {
        var (pause, isTold) = (s_firstPause, false);
        while (outbox.NextOf(line) is { } delivery)
        {
            var answer = await TryAsync(line, delivery, stoppingToken);
            if (!answer.MayBeTriedAgain)
            {
                if (answer.Complaint is not null)
                {
                    LogRefused(line.Receiver.Host, delivery.Event, line.Service.Value, answer.Complaint);
                }

                outbox.Complete(line, delivery);
                (pause, isTold) = (s_firstPause, false);
                continue;
            }

            if (outbox.DropOverdue(line) is > 0 and var count)
            {
                LogDropped(line.Receiver.Host, count, line.Service.Value, answer.Complaint!);
            }
            else if (!isTold)
            {
                // The further attempts are none of the reader's business.
                isTold = true;
                LogFailed(line.Receiver.Host, delivery.Event, line.Service.Value, answer.Complaint!);
            }

            await Task.Delay(Longer(pause, answer.After), Time, stoppingToken);
            pause = Backoff.After(pause, s_longestPause);
        }
    }

    private async Task<DeliveryAnswer> TryAsync(OutboxLine line, Delivery delivery, CancellationToken stoppingToken)
    {
        var slots = _slots[line.Receiver.Key];
        await slots.WaitAsync(stoppingToken);
        try
        {
            return await sender.SendAsync(line.Receiver, delivery, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Its message might tell the URL.
            return DeliveryAnswer.Failed($"{e.GetType().Name} within Deployster");
        }
        finally
        {
            slots.Release();
        }
    }

    // Nobody is left alone for longer than a delivery is tried.
    private static TimeSpan Longer(TimeSpan pause, TimeSpan? after) =>
        after is not { } asked || asked < pause ? pause
        : asked < WebhookRules.Patience ? asked
        : WebhookRules.Patience;

    [LoggerMessage(LogLevel.Information, "Telling {Hosts} of deploys and tasks")]
    private partial void LogTelling(string hosts);

    [LoggerMessage(LogLevel.Warning, "{Host} has not taken {Event} of {Service} and is told again for an hour: {Cause}")]
    private partial void LogFailed(string host, string @event, string service, string cause);

    [LoggerMessage(LogLevel.Warning, "{Host} does not take {Event} of {Service}, which is dropped: {Cause}")]
    private partial void LogRefused(string host, string @event, string service, string cause);

    [LoggerMessage(LogLevel.Warning, "{Host} has taken nothing of {Service} for an hour: {Count} deliveries are dropped. The last attempt: {Cause}")]
    private partial void LogDropped(string host, int count, string service, string cause);

    [LoggerMessage(LogLevel.Warning, "Deliveries are kept in memory for now: {Cause}")]
    private partial void LogSilent(string cause);
}
