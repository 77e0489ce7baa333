namespace Deployster.Application;

/// <summary>Carries a request through even if its client goes away.</summary>
internal static class Detached
{
    /// <summary>
    /// Does the work to its end, and waits for it as long as the client does. A failure that nobody waits for any more
    /// is left to those who look after the fleet.
    /// </summary>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken client)
    {
        var task = Task.Run(work, CancellationToken.None);
        _ = task.ContinueWith(
            failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return await task.WaitAsync(client);
    }
}
