using Deployster.Application.Fleet;
using Deployster.Application.History;
using Deployster.Application.Rollouts;
using Deployster.Application.Tasks;
using Deployster.Domain.Images;
using Deployster.Domain.Names;
using Microsoft.Extensions.Logging;

namespace Deployster.Application.Pruning;

/// <summary>Removes what deploys leave on the machine and nobody needs, one prune at a time.</summary>
internal sealed partial class Pruner(
    IImageStore images,
    IDeployHistory history,
    LeftOvers leftOvers,
    LiveRollouts rollouts,
    UnitKeeper keeper,
    LiveTasks tasks,
    ImageClaims claims,
    PruneSettings settings,
    ILogger<Pruner> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Removes left-over containers, and then the images that are not needed.</summary>
    /// <param name="service">The service whose images go; null for those of all.</param>
    /// <param name="isDryRun">Whether only to tell what would go.</param>
    /// <param name="cancellationToken">Ends it between two removals.</param>
    /// <exception cref="PruneNotOfferedException">The fleet's machines see to their images themselves.</exception>
    /// <exception cref="FleetUnavailableException">The engine does not answer; what was removed before stays so.</exception>
    /// <exception cref="HistoryUnavailableException">The history does not answer; nothing was removed.</exception>
    public async Task<PruneResult> PruneAsync(ServiceName? service, bool isDryRun, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // All questions come first: without an answer to one of them nothing is removed.
            var stored = await images.ListAsync(cancellationToken);
            var deployed = settings.KeepImages == 0 ? [] : await history.ListImagesAsync(cancellationToken);
            var containers = await leftOvers.FindAsync(cancellationToken);
            if (!isDryRun)
            {
                containers = await RemoveAsync(containers, cancellationToken);
            }

            var free = stored.Select(image =>
                image with { Containers = image.Containers - containers.Count(container => container.ImageId == image.Id) });
            var plan = ImagePruning.Plan([.. free], deployed, FindNeeded(), settings.KeepImages, service);
            var sizes = await images.MeasureAsync([.. plan.Where(removal => removal.IsWhole).Select(removal => removal.Image.Id)], cancellationToken);
            var removed = isDryRun ? plan : await RemoveAsync(plan, cancellationToken);
            return new PruneResult(
                [.. removed.SelectMany(removal => removal.Names)],
                [.. containers.Select(container => container.Name)],
                removed.Where(removal => removal.IsWhole).Sum(removal => sizes.GetValueOrDefault(removal.Image.Id)));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<LeftOver>> RemoveAsync(IReadOnlyList<LeftOver> containers, CancellationToken cancellationToken)
    {
        var removed = new List<LeftOver>();
        foreach (var container in containers)
        {
            if (await container.RemoveAsync(cancellationToken))
            {
                LogContainer(container.Name);
                removed.Add(container);
            }
        }

        return removed;
    }

    /// <summary>Removes what is planned; gives what was removed.</summary>
    private async Task<IReadOnlyList<ImageRemoval>> RemoveAsync(IReadOnlyList<ImageRemoval> plan, CancellationToken cancellationToken)
    {
        var removed = new List<ImageRemoval>();
        foreach (var removal in plan)
        {
            // Somebody may have begun to use it since: first the claims, then the uses, as those who use it do it the other way.
            using var begun = claims.TryBeginRemoval(removal.Image);
            if (begun is not null
                && !FindNeeded().Exists(removal.Image.IsMeantBy)
                && await images.RemoveAsync(removal, cancellationToken) is var end and not RemovalEnd.Left)
            {
                LogImage(string.Join(", ", removal.Names));
                removed.Add(removal with { IsWhole = end == RemovalEnd.Gone });
            }
        }

        return removed;
    }

    /// <summary>The images of rollouts and tasks under way, and of units that are launched again where they vanish.</summary>
    private List<NamedImage> FindNeeded() =>
    [
        .. rollouts.UnderWay.Select(rollout => rollout.Record.Intention)
            .Concat(keeper.Kept.Select(record => record.Intention))
            .Select(intention => NamedImage.Of(intention.Image, intention.ImageId)),
        .. tasks.All.Select(task => NamedImage.Of(task.Record.Image, task.Record.ImageId)),
    ];

    [LoggerMessage(LogLevel.Information, "Pruned the image {Image}")]
    private partial void LogImage(string image);

    [LoggerMessage(LogLevel.Information, "Pruned the container of {Name}")]
    private partial void LogContainer(string name);
}
