using Deployster.Application.Fleet;
using Deployster.Application.Pruning;
using Deployster.Domain.Images;

namespace Deployster.Testing;

/// <summary>A machine's images in memory.</summary>
public sealed class FakeImageStore : IImageStore
{
    /// <summary>How many bytes each image takes.</summary>
    public const int Size = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredImage> _images = [];

    /// <summary>While it is away it answers nothing.</summary>
    public bool IsAway { get; set; }

    /// <summary>What happens before an image is removed: it may wait, or throw.</summary>
    public Func<ImageRemoval, Task> BeforeRemove { get; set; } = _ => Task.CompletedTask;

    /// <summary>The ids of the images that there are.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock)
            {
                return [.. _images.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Puts an image there, in place of one with the same id.</summary>
    public void Put(string id, string? tag = null, int containers = 0)
    {
        lock (_lock)
        {
            _images[id] = new StoredImage(id) { Tags = tag is null ? [] : [tag], Containers = containers };
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellationToken)
    {
        EnsureThere();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredImage>>([.. _images.Values]);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<string, long>> MeasureAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        EnsureThere();
        return Task.FromResult<IReadOnlyDictionary<string, long>>(ids.ToDictionary(id => id, _ => (long)Size));
    }

    /// <inheritdoc />
    public async Task<RemovalEnd> RemoveAsync(ImageRemoval removal, CancellationToken cancellationToken)
    {
        await BeforeRemove(removal);
        EnsureThere();
        lock (_lock)
        {
            return _images.Remove(removal.Image.Id) ? RemovalEnd.Gone : RemovalEnd.Left;
        }
    }

    private void EnsureThere()
    {
        if (IsAway)
        {
            throw new FleetUnavailableException("unix:///run/docker.sock", "Connection refused");
        }
    }
}
