using Deployster.Domain.Names;

namespace Deployster.Domain.Images;

/// <summary>Decides which images are not needed any more.</summary>
public static class ImagePruning
{
    /// <summary>
    /// What is to be removed. An image goes if deploys had it, no container is made of it, nobody needs it, and it is none of
    /// the last images that succeeded, of any service. Its names go by which deploys had it; where it has others, it stays.
    /// </summary>
    /// <param name="stored">The images that the machine has.</param>
    /// <param name="deployed">The images that deploys had, those of all services.</param>
    /// <param name="needed">The images that somebody is about to use.</param>
    /// <param name="keep">How many distinct images of each service stay, those that succeeded last.</param>
    /// <param name="service">The service whose images go; null for those of all.</param>
    public static IReadOnlyList<ImageRemoval> Plan(
        IReadOnlyCollection<StoredImage> stored,
        IReadOnlyCollection<DeployedImage> deployed,
        IReadOnlyCollection<NamedImage> needed,
        int keep,
        ServiceName? service = null)
    {
        var kept = needed
            .Concat(deployed.Where(image => image.IsWanted).Select(image => image.Image))
            .Concat(deployed.GroupBy(image => image.Service).SelectMany(images => LastOf(images, stored, keep)))
            .ToHashSet();
        var keptIds = kept.Select(image => image.Id).ToHashSet();
        var keptNames = kept.Select(image => image.Name).ToHashSet();
        var byId = deployed.Where(image => image.Image.Id is not null).ToLookup(image => image.Image.Id!);

        // Of a failed deploy whose image is not known, nobody knows whether it had one at all.
        var byName = deployed.Where(image => image.Image.Id is null && image.SucceededAt is not null).ToLookup(image => image.Image.Name);
        return
        [
            .. from image in stored
               where image.Containers == 0
                   && !keptIds.Contains(image.Id)
                   && !image.Tags.Concat(image.Digests).Any(keptNames.Contains)
               let had = byId[image.Id].Concat(image.Tags.SelectMany(tag => byName[tag])).ToList()
               where had.Exists(one => service is null || one.Service == service)
               let removal = RemovalOf(image, [.. had.Select(one => one.Image.Name)])
               where removal.IsWhole || !removal.Tags.IsEmpty
               select removal,
        ];
    }

    /// <summary>The images of a service that succeeded last.</summary>
    private static IEnumerable<NamedImage> LastOf(
        IEnumerable<DeployedImage> images, IReadOnlyCollection<StoredImage> stored, int keep) => images
        .GroupBy(image => image.Image.Id ?? FindId(image.Image.Name, images, stored) ?? image.Image.Name)
        .Select(same => (Last: same.Max(image => image.SucceededAt), Images: same.Select(image => image.Image)))
        .Where(same => same.Last is not null)
        .OrderByDescending(same => same.Last)
        .Take(keep)
        .SelectMany(same => same.Images);

    // Deploys of old versions did not note what their name meant.
    private static string? FindId(string name, IEnumerable<DeployedImage> images, IReadOnlyCollection<StoredImage> stored) =>
        stored.FirstOrDefault(image => image.Tags.Contains(name))?.Id
        ?? images.FirstOrDefault(image => image.Image.Name == name && image.Image.Id is not null)?.Image.Id;

    private static ImageRemoval RemovalOf(StoredImage image, HashSet<string> names)
    {
        var repositories = names.Select(ImageName.RepositoryOf).ToHashSet();
        var isWhole = image.Tags.All(names.Contains)
            && image.Digests.All(digest => repositories.Contains(ImageName.RepositoryOf(digest)));
        return new ImageRemoval(image, [.. image.Tags.Where(names.Contains)], isWhole);
    }
}
