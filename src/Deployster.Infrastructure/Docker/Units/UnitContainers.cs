using System.Collections.Concurrent;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Finds the containers that are units. Whatever else the engine runs is somebody else's.</summary>
internal sealed class UnitContainers(DockerEngine engine)
{
    private const int Parallelism = 8;

    // One container that the engine is slow about must not hold up what is known of the others.
    private static readonly TimeSpan s_inspectLimit = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, ContainerInspectResponse> _last = new();

    /// <summary>All units' containers, but for those of <paramref name="others"/>.</summary>
    public async Task<IReadOnlyList<UnitContainer>> ListAsync(IReadOnlySet<UnitName> others, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(ContainerLabels.Unit, cancellationToken);
        foreach (var forgotten in _last.Keys.Except(listed.Select(container => container.ID)))
        {
            _last.TryRemove(forgotten, out _);
        }

        return await InspectAsync(listed, others, cancellationToken);
    }

    /// <summary>The containers of a deploy's units.</summary>
    public async Task<IReadOnlyList<UnitContainer>> ListAsync(DeployId deploy, CancellationToken cancellationToken)
    {
        var listed = await ListAsync($"{ContainerLabels.Service}={deploy.Service}", cancellationToken);
        return await InspectAsync(
            listed.Where(container => ContainerLabels.ReadUnit(container.Labels)?.Deploy == deploy),
            new HashSet<UnitName>(),
            cancellationToken);
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

    private async Task<IReadOnlyList<UnitContainer>> InspectAsync(
        IEnumerable<ContainerListResponse> listed, IReadOnlySet<UnitName> others, CancellationToken cancellationToken)
    {
        var wanted = listed
            .Select(container => (Container: container, Name: ContainerLabels.ReadUnit(container.Labels)))
            .Where(container => container.Name is not null && !others.Contains(container.Name))
            .DistinctBy(container => container.Name)
            .ToList();
        var found = new UnitContainer?[wanted.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, wanted.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => found[index] = await InspectOrKnownAsync(wanted[index].Container, wanted[index].Name!, token));
        return [.. found.OfType<UnitContainer>()];
    }

    private async Task<UnitContainer?> InspectOrKnownAsync(
        ContainerListResponse listed, UnitName unit, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_inspectLimit);
        try
        {
            var found = await InspectAsync(listed.ID, unit, limit.Token);
            if (found is not null)
            {
                _last[listed.ID] = found.Container;
            }

            return found;
        }
        catch (Exception e) when
            (e is OperationCanceledException or FleetUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            return new UnitContainer(unit, _last.GetValueOrDefault(listed.ID) ?? FromList(listed));
        }
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

    // What the list tells. It says nothing of the restart policy: what is not known to go stays.
    private static ContainerInspectResponse FromList(ContainerListResponse listed) => new()
    {
        ID = listed.ID,
        Image = listed.ImageID,
        State = new State { Status = listed.State },
        Config = new ContainerConfig { Labels = listed.Labels },
        HostConfig = new HostConfig { RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped } },
    };
}
