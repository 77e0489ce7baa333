using Deployster.Application.Pruning;
using Deployster.Domain.Images;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Images;

/// <summary>The images of a Docker Engine.</summary>
internal sealed partial class ImageStore(
    DockerEngine engine, ImagePulls pulls, ImageLayers layers, ILogger<ImageStore> logger) : IImageStore
{
    // The engine's word for what an image has none of.
    private const string None = "<none>";

    public async Task<IReadOnlyList<StoredImage>> ListAsync(CancellationToken cancellationToken)
    {
        // The containers last: one that is made meanwhile shows.
        var images = await ReadAsync(cancellationToken);
        var containers = await engine.AskAsync(
            (client, token) => client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, token), cancellationToken);
        var counts = containers.CountBy(container => container.ImageID).ToDictionary();
        return
        [
            .. images.Select(image => new StoredImage(image.ID)
            {
                Tags = [.. NamesIn(image.RepoTags)],
                Digests = [.. NamesIn(image.RepoDigests)],
                Containers = counts.GetValueOrDefault(image.ID),
            }),
        ];
    }

    public async Task<IReadOnlyDictionary<string, long>> MeasureAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? new Dictionary<string, long>()
            : await layers.MeasureAsync(ids, (await ReadAsync(cancellationToken)).Select(image => image.ID), cancellationToken);

    public async Task<RemovalEnd> RemoveAsync(ImageRemoval removal, CancellationToken cancellationToken)
    {
        // The last name goes with the image, by its id: then it is the image that was meant, whatever its names mean by now.
        var end = RemovalEnd.Left;
        var last = removal.IsWhole ? removal.Tags.LastOrDefault() : null;
        foreach (var tag in removal.Tags.Where(tag => tag != last))
        {
            end = await TryUntagAsync(removal.Image, tag, cancellationToken) ? RemovalEnd.Untagged : end;
        }

        if (removal.IsWhole && await TryRemoveAsync(removal.Image.Id, cancellationToken))
        {
            return RemovalEnd.Gone;
        }

        // Somebody has named it meanwhile, or built upon it: then only our name goes.
        return last is not null && await TryUntagAsync(removal.Image, last, cancellationToken) ? RemovalEnd.Untagged : end;
    }

    private static IEnumerable<string> NamesIn(IEnumerable<string>? names) =>
        (names ?? []).Where(name => !name.Contains(None, StringComparison.Ordinal));

    private Task<IList<ImagesListResponse>> ReadAsync(CancellationToken cancellationToken) =>
        engine.AskAsync((client, token) => client.Images.ListImagesAsync(new ImagesListParameters(), token), cancellationToken);

    private async Task<bool> TryUntagAsync(StoredImage image, string tag, CancellationToken cancellationToken) =>
        await pulls.FindIdAsync(tag, cancellationToken) == image.Id && await TryRemoveAsync(tag, cancellationToken);

    private async Task<bool> TryRemoveAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await engine.DoAsync(
                (client, token) => client.Images.DeleteImageAsync(image, new ImageDeleteParameters(), token), DockerEngine.WorkLimit, cancellationToken);
            return true;
        }
        catch (DockerApiException e)
        {
            // Gone, or in use by now.
            LogLeft(image, EngineMessage.Of(e));
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "The image {Image} is left: {Refusal}")]
    private partial void LogLeft(string image, string refusal);
}
