namespace Deployster.Application;

/// <summary>Time that nobody sets: for intervals and deadlines within one process.</summary>
internal static class MonotonicTime
{
    /// <summary>The time since a moment that stays the same for the life of the process.</summary>
    public static TimeSpan GetMonotonicTime(this TimeProvider time) => time.GetElapsedTime(0);

    /// <summary>Waits for a task or a pause, whichever ends first.</summary>
    public static async Task WaitAtMostAsync(this Task task, TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        if (task.IsCompleted)
        {
            await task;
            return;
        }

        await time.WaitAtMostAsync(pause, task.WaitAsync, cancellationToken);
    }

    /// <summary>Waits for something that can be called off, or a pause, whichever ends first; what is not waited for any more is called off.</summary>
    public static async Task WaitAtMostAsync(
        this TimeProvider time, TimeSpan pause, Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await wait(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }
}
