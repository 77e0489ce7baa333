using System.Collections.Concurrent;
using Deployster.Domain.Names;

namespace Deployster.Application.Rollouts;

/// <summary>Lets one request a service at a time decide what becomes of it.</summary>
internal sealed class ServiceLocks
{
    private readonly ConcurrentDictionary<ServiceName, SemaphoreSlim> _locks = new();

    public async Task<IDisposable> EnterAsync(ServiceName service, CancellationToken cancellationToken)
    {
        var gate = _locks.GetOrAdd(service, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        return new Entered(gate);
    }

    /// <summary>Enters where nobody is inside; null where somebody is.</summary>
    public IDisposable? TryEnter(ServiceName service)
    {
        var gate = _locks.GetOrAdd(service, _ => new SemaphoreSlim(1));
        return gate.Wait(0) ? new Entered(gate) : null;
    }

    private sealed class Entered(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
