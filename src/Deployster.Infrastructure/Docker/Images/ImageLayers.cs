using System.Collections.Concurrent;
using System.Collections.Immutable;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>
/// Tells what images take on the disk, which few engines do: two images share the layers that both begin with. What layers an
/// image has never changes, and so is asked for once.
/// </summary>
internal sealed class ImageLayers(DockerEngine engine)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _layers = new();

    /// <summary>About how many bytes become free by each image, when those are removed in this order.</summary>
    /// <param name="removed">The images that are removed.</param>
    /// <param name="stored">All images that there are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<string, long>> MeasureAsync(
        IReadOnlyList<string> removed, IEnumerable<string> stored, CancellationToken cancellationToken)
    {
        var left = stored.ToHashSet();
        foreach (var id in _layers.Keys.Where(id => !left.Contains(id)))
        {
            _layers.TryRemove(id, out _);
        }

        foreach (var id in left)
        {
            await LearnAsync(id, cancellationToken);
        }

        var freed = new Dictionary<string, long>();
        foreach (var id in removed.Where(left.Remove))
        {
            var layers = LayersOf(id);
            var shared = left.Max(other => (int?)layers.Zip(LayersOf(other)).TakeWhile(pair => pair.First == pair.Second).Count()) ?? 0;
            freed[id] = shared == layers.Length ? 0 : await SumAsync(id, shared, cancellationToken);
        }

        return freed;
    }

    private ImmutableArray<string> LayersOf(string id) => _layers.GetValueOrDefault(id, []);

    private async Task LearnAsync(string id, CancellationToken cancellationToken)
    {
        if (!_layers.ContainsKey(id) && await FindAsync((client, token) => client.Images.InspectImageAsync(id, token), cancellationToken) is { } image)
        {
            _layers[id] = [.. image.RootFS?.Layers ?? []];
        }
    }

    // The steps of an image's making that changed its files are its layers, the newest first. One that changed nothing after
    // all cannot be told from the others.
    private async Task<long> SumAsync(string id, int shared, CancellationToken cancellationToken)
    {
        var steps = await FindAsync((client, token) => client.Images.GetImageHistoryAsync(id, token), cancellationToken);
        return (steps ?? []).Reverse().Select(step => step.Size).Where(size => size > 0).Skip(shared).Sum();
    }

    private async Task<T?> FindAsync<T>(Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await engine.AskAsync(call, cancellationToken);
        }
        catch (DockerApiException)
        {
            // Somebody has removed it meanwhile.
            return null;
        }
    }
}
