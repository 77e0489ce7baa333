namespace Deployster.Api;

/// <summary>Runs a host for as long as the process.</summary>
internal static class HostProcess
{
    /// <summary>Starts the host, waits until it is told to stop, and disposes of it.</summary>
    /// <exception cref="ServiceFailedException">
    /// A service in the background failed, for which the host stops: the process must not look as if it had been told to.
    /// </exception>
    public static async Task RunAsync(IHost host, Func<Task> startAsync)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            await startAsync();
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
        }

        await host.WaitForShutdownAsync();
        var failure = FailureOf(host);

        // It writes what was logged last. A host that could not start is left to the end of the process: its services
        // run, and would fail loudly without what they use.
        await ((IAsyncDisposable)host).DisposeAsync();
        if (failure is not null)
        {
            throw new ServiceFailedException(failure);
        }
    }

    private static Exception? FailureOf(IHost host) => host.Services.GetServices<IHostedService>()
        .OfType<BackgroundService>()
        .Select(service => service.ExecuteTask?.Exception?.InnerException)
        .FirstOrDefault(failure => failure is not null);
}
