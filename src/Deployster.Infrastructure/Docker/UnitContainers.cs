using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>Finds the containers that are units. Whatever else the engine runs is somebody else's.</summary>
internal sealed class UnitContainers(DockerEngine engine)
{
    private const int Parallelism = 8;

    /// <summary>All units' containers, but for those of <paramref name="others"/>.</summary>
    public async Task<IReadOnlyList<UnitContainer>> ListAsync(IReadOnlySet<UnitName> others, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(ContainerLabels.Unit, cancellationToken);
        var wanted = listed
            .Select(container => (container.ID, Name: ContainerLabels.ReadUnit(container.Labels)))
            .Where(container => container.Name is not null && !others.Contains(container.Name))
            .DistinctBy(container => container.Name)
            .ToList();

        var found = new UnitContainer?[wanted.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, wanted.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => found[index] = await InspectAsync(wanted[index].ID, wanted[index].Name!, token));
        return [.. found.OfType<UnitContainer>()];
    }

    /// <summary>The container of a unit; null where there is none.</summary>
    public async Task<UnitContainer?> FindAsync(UnitName unit, CancellationToken cancellationToken)
    {
        foreach (var container in await ListAsync($"{ContainerLabels.Unit}={unit}", cancellationToken))
        {
            if (await InspectAsync(container.ID, unit, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private Task<IList<ContainerListResponse>> ListAsync(string label, CancellationToken cancellationToken)
    {
        var parameters = new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["label"] = new Dictionary<string, bool> { [label] = true },
            },
        };
        return engine.AskAsync((client, token) => client.Containers.ListContainersAsync(parameters, token), cancellationToken);
    }

    private async Task<UnitContainer?> InspectAsync(string id, UnitName unit, CancellationToken cancellationToken)
    {
        try
        {
            var container = await engine.AskAsync(
                (client, token) => client.Containers.InspectContainerAsync(id, token), cancellationToken);
            return new UnitContainer(unit, container);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }
}
