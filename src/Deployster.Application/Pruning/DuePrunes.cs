using System.Threading.Channels;
using Deployster.Domain.Names;

namespace Deployster.Application.Pruning;

/// <summary>The services of which a deploy has succeeded, so that images may be left over.</summary>
internal sealed class DuePrunes
{
    // Where nobody prunes nobody takes them out.
    private const int Most = 1000;

    private readonly Channel<ServiceName> _due = Channel.CreateBounded<ServiceName>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>A deploy of the service has succeeded.</summary>
    public void Add(ServiceName service) => _due.Writer.TryWrite(service);

    /// <summary>The services, as they come; without an end.</summary>
    public IAsyncEnumerable<ServiceName> ReadAllAsync(CancellationToken cancellationToken) => _due.Reader.ReadAllAsync(cancellationToken);
}
