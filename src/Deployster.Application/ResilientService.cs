using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application;

/// <summary>
/// Work in the background that nothing unexpected ends: it is begun again, after a pause that grows while it keeps failing.
/// An exception that left a background service would end the whole process.
/// </summary>
/// <param name="time">The clock for the pauses.</param>
/// <param name="logger">Where failures are told.</param>
public abstract partial class ResilientService(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>The pause after a first failure.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause. Work that has gone well for longer than this starts with the first pause again.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Does the work. It is begun anew whenever this throws, and done when this returns.</summary>
    /// <param name="stoppingToken">Cancelled when the process is to end.</param>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>
    /// Does the parts of the work beside each other. When one ends, whatever the reason, the others are stopped: they would
    /// go on for ever, and nobody would see that a part of the work is not done.
    /// </summary>
    /// <param name="parts">The parts, none of which is meant to end by itself.</param>
    /// <param name="stoppingToken">Cancelled when the process is to end.</param>
    protected static async Task RunTogetherAsync(
        IEnumerable<Func<CancellationToken, Task>> parts, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] running = [.. parts.Select(async part => await part(end.Token))];
        await Task.WhenAny(running);
        await end.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            var begun = Time.GetTimestamp();
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The process ends, and may have taken away already what the work needs.
                return;
            }
            catch (Exception e)
            {
                pause = Time.GetElapsedTime(begun) > LongestPause ? FirstPause : pause;
                LogFailed(e, GetType().Name, pause.TotalSeconds);
            }

            await Task.Delay(pause, Time, stoppingToken);
            pause = Backoff.After(pause, LongestPause);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Service} failed and begins again in {Seconds} s")]
    private partial void LogFailed(Exception exception, string service, double seconds);
}
