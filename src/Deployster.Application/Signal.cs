namespace Deployster.Application;

/// <summary>Lets several wait for the next time that something happens.</summary>
public sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it happens next. Take it before looking at what may have changed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>It has happened.</summary>
    public void Set() => Interlocked.Exchange(
        ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
