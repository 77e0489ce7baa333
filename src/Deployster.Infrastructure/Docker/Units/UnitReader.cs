using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Networks;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// Reads the containers that are units; whatever else the engine runs is somebody else's. One list tells which there are,
/// and only those are inspected to which something has happened.
/// </summary>
internal sealed partial class UnitReader(
    DockerEngine engine, UnitEvents events, LastEnds lastEnds, UnitNetwork network, DockerOptions options)
{
    private const int Parallelism = 8;

    private readonly ConcurrentDictionary<string, Known> _known = new();

    /// <summary>All units' containers.</summary>
    public async Task<IReadOnlyList<UnitFacts>> ReadAsync(CancellationToken cancellationToken)
    {
        events.Start();
        var listed = await engine.ListContainersAsync("label", ContainerLabels.Unit, cancellationToken);
        var ids = listed.Select(container => container.ID).ToHashSet();
        foreach (var id in _known.Keys.Where(id => !ids.Contains(id)))
        {
            _known.TryRemove(id, out _);
        }

        lastEnds.KeepOnly(ids);
        return await InspectAsync(listed, cancellationToken);
    }

    /// <summary>The containers of a service's units.</summary>
    public async Task<IReadOnlyList<UnitFacts>> ReadAsync(ServiceName service, CancellationToken cancellationToken)
    {
        events.Start();
        return await InspectAsync(await engine.ListContainersAsync("label", $"{ContainerLabels.Service}={service}", cancellationToken), cancellationToken);
    }

    /// <summary>The ids of a unit's containers. There is one at the most, unless somebody has copied it.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(UnitName unit, CancellationToken cancellationToken) =>
        [
            .. (await engine.ListContainersAsync("label", $"{ContainerLabels.Unit}={unit}", cancellationToken))
                .Where(container => ContainerLabels.ReadUnit(container.Labels, options.Scope) == unit)
                .Select(container => container.ID),
        ];

    /// <summary>Has a container inspected again.</summary>
    public void Forget(string id) => events.Touch(id);

    // A list's words for how long a container has been so: they change although nothing happens.
    [GeneratedRegex(@"(?<=^Up |^Exited \(\d+\) |^Restarting \(\d+\) )[^(]*")]
    private static partial Regex Duration();

    private async Task<IReadOnlyList<UnitFacts>> InspectAsync(
        IEnumerable<ContainerListResponse> listed, CancellationToken cancellationToken)
    {
        var units = listed
            .SelectMany(container => ContainerLabels.ReadUnit(container.Labels, options.Scope) is { } name
                ? [(Container: container, Name: name)]
                : Array.Empty<(ContainerListResponse Container, UnitName Name)>())
            .OrderByDescending(unit => unit.Container.Names?.Contains($"/{ContainerName.Of(unit.Name, options.Scope)}") == true)
            .DistinctBy(unit => unit.Name)
            .ToList();
        var facts = new UnitFacts?[units.Count];

        // So that many slow ones do not add up.
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(2 * options.InspectLimit);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, units.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (index, token) => facts[index] = await ReadOneAsync(units[index].Name, units[index].Container, limited.Token, token));
        return [.. facts.OfType<UnitFacts>()];
    }

    private async Task<UnitFacts?> ReadOneAsync(
        UnitName unit, ContainerListResponse container, CancellationToken limited, CancellationToken cancellationToken)
    {
        var words = $"{container.State} {Duration().Replace(container.Status ?? "", "")}";
        var mark = events.MarkOf(container.ID);
        var known = _known.GetValueOrDefault(container.ID);
        if (known is not null && mark is not null && known.Mark == mark && known.Words == words)
        {
            return known.Facts;
        }

        try
        {
            var place = await FindNetworkAsync(limited);
            var inspected = await engine.CallAsync(
                (client, token) => client.Containers.InspectContainerAsync(container.ID, token), options.InspectLimit, limited);
            var facts = await lastEnds.AddToAsync(UnitFacts.Of(unit, inspected, place), inspected, limited);

            // What has changed between the list and now is asked for again.
            _known[container.ID] = new Known(facts, facts.Status == container.State ? mark : null, words);
            return facts;
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is FleetUnavailableException or DockerApiException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return UnitFacts.Of(unit, container, known?.Facts, options.Publish is null ? network.Known : null);
        }
    }

    // Whoever asks for published ports wants units to be reached there, from other machines, too.
    private async Task<NetworkPlace?> FindNetworkAsync(CancellationToken cancellationToken)
    {
        if (options.Publish is not null)
        {
            return null;
        }

        try
        {
            return await network.GetAsync(cancellationToken);
        }
        catch (Exception e) when (e is UnitNetworkException or DockerApiException)
        {
            return null;
        }
    }

    private sealed record Known(UnitFacts Facts, (long Connection, long Change)? Mark, string Words);
}
