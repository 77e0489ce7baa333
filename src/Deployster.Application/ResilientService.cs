using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deployster.Application;

/// <summary>
/// Work in the background that ends only with the process: what fails unexpectedly is logged and begun again after a
/// pause, so that one fault ends neither the process nor the work.
/// </summary>
public abstract partial class ResilientService(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Does the work, until it is done or the process stops.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, e, GetType().Name, pause.TotalSeconds);
            }

            await Task.Delay(pause, Time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Service} failed and begins again in {Seconds} s")]
    private static partial void LogFailed(ILogger logger, Exception exception, string service, double seconds);
}
