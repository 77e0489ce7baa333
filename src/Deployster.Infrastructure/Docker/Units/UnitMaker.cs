using System.Collections.Concurrent;
using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Specs;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Networks;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Makes units' containers, starts and stops them.</summary>
internal sealed partial class UnitMaker(
    DockerEngine engine, UnitImages images, UnitPlaces places, UnitNetwork network, FurtherNetworks further, UnitReader reader, UnitContainers containers, DockerOptions options, ILogger<UnitMaker> logger) : IDisposable
{
    // An engine that starts many containers at once starts none of them soon.
    private const int Parallelism = 8;

    // An engine that is about to end refuses what it would do otherwise, and so does one that has just begun.
    private const int MostStarts = 3;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _slots = new(Parallelism);

    // How often a container that has run was not started since its port is taken.
    private readonly ConcurrentDictionary<string, int> _portless = new();

    /// <summary>Sees to the image, makes the container where there is none, and starts it if it shall run.</summary>
    public async Task<bool> MakeAsync(UnitDefinition definition, Wanted wanted, CancellationToken stop)
    {
        var image = await images.GetIdAsync(definition, stop);
        var spec = await images.FitCommandAsync(definition.Intention.Spec, image, stop);
        var pinned = definition with { Intention = definition.Intention with { ImageId = image, Spec = spec } };
        await _slots.WaitAsync(stop);
        try
        {
            while (true)
            {
                if (await CreateAsync(pinned, wanted, stop) is not { } id)
                {
                    return true;
                }

                stop.ThrowIfCancellationRequested();
                await JoinNetworksAsync(id, spec);
                if (wanted != Wanted.Running || await TryStartAsync(id))
                {
                    reader.Forget(id);
                    return true;
                }

                // Nobody can have used it since, so that nobody misses its port.
                await containers.RemoveAsync(id);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>
    /// Starts a container that is there. One that runs is left alone, and so is one that is gone. Where the engine can never
    /// start it again, another one takes its place.
    /// </summary>
    public async Task<bool> StartAsync(UnitName unit, string id, CancellationToken stop)
    {
        ContainerInspectResponse? container;
        await _slots.WaitAsync(stop);
        try
        {
            container = await containers.InspectAsync(id);
            if (container is null || !await containers.WantAsync(container, Wanted.Running, stop))
            {
                return true;
            }

            if (UnitFacts.IsHalfStart(container))
            {
                await containers.RestartAsync(id, UnitContainers.GraceOf(container));
                return true;
            }

            if (await TryStartAsync(id))
            {
                return true;
            }

            await containers.RemoveAsync(id);
        }
        finally
        {
            _slots.Release();
        }

        return ContainerLabels.ReadIntention(container.Config?.Labels) is not { } intention
            || await MakeAsync(new UnitDefinition(unit, intention), Wanted.Running, stop);
    }

    /// <summary>Stops a unit's container; false where it has none.</summary>
    public async Task<bool> StopAsync(UnitName unit, CancellationToken stop)
    {
        var ids = await reader.FindAsync(unit, stop);
        foreach (var id in ids)
        {
            // The wish comes first: whoever finds a half of it, finishes it.
            if (await containers.InspectAsync(id) is { } container && await containers.WantAsync(container, Wanted.Stopped, stop))
            {
                await containers.StopAsync(id, UnitContainers.GraceOf(container));
            }
        }

        return ids.Count > 0;
    }

    public void Dispose() => _slots.Dispose();

    // An engine that was killed in the middle of a start, and started again, keeps what had begun and forgets that it has.
    private static bool IsHeld(DockerApiException refusal) =>
        EngineMessage.Of(refusal) is var words
        && words.StartsWith("task ", StringComparison.Ordinal)
        && words.EndsWith(": already exists", StringComparison.Ordinal);

    private static bool IsPortTaken(DockerApiException refusal) =>
        EngineMessage.Of(refusal) is var words
        && (words.Contains("port is already allocated", StringComparison.Ordinal)
            || words.Contains("address already in use", StringComparison.OrdinalIgnoreCase));

    // Its network was removed, or made anew with other addresses.
    private static bool IsWithoutNetwork(DockerApiException refusal) =>
        EngineMessage.Of(refusal) is var words
        && ((words.Contains("network", StringComparison.Ordinal) && words.EndsWith("not found", StringComparison.Ordinal))
            || words.Contains("does not belong to any of this network's subnets", StringComparison.Ordinal)
            || words.Contains("no configured subnet", StringComparison.Ordinal));

    /// <summary>
    /// Starts a container; false where another one has to take its place: its port is somebody else's and stays so, which an
    /// engine that was stopped in the middle of a start may even be itself, its network is another one now, or the engine
    /// holds on to a start before.
    /// </summary>
    private async Task<bool> TryStartAsync(string id)
    {
        try
        {
            await engine.DoAsync(
                (client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
        }
        catch (DockerApiException e) when (IsWithoutNetwork(e))
        {
            LogRefused(id, EngineMessage.Of(e));
            reader.Forget(id);
            network.Forget();
            return false;
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or just being removed.
        }
        catch (DockerApiException e)
        {
            reader.Forget(id);
            LogRefused(id, EngineMessage.Of(e));
            var hasRun = await containers.InspectAsync(id) is not { State.Status: "created" };
            if (IsHeld(e) || (IsPortTaken(e) && (!hasRun || _portless.AddOrUpdate(id, 1, (_, count) => count + 1) >= MostStarts)))
            {
                _portless.TryRemove(id, out _);
                return false;
            }

            // What has run before is not refused for what it is.
            throw new UnitTroubleException(EngineMessage.Of(e), hasRun || e.StatusCode >= HttpStatusCode.InternalServerError)
            {
                Attempts = hasRun ? null : MostStarts,
            };
        }

        _portless.TryRemove(id, out _);
        reader.Forget(id);
        return true;
    }

    private async Task JoinNetworksAsync(string id, DeploySpec spec)
    {
        try
        {
            await further.JoinAsync(id, spec, options.NetworkName);
        }
        catch (DockerApiException e) when (e.StatusCode < HttpStatusCode.InternalServerError)
        {
            // Nobody can have used it yet.
            await containers.RemoveAsync(id);
            throw new UnitTroubleException(EngineMessage.Of(e), mayPass: false);
        }
    }

    /// <summary>Makes a unit's container, or finds it; null where that one is marked to go.</summary>
    private async Task<string?> CreateAsync(UnitDefinition definition, Wanted wanted, CancellationToken stop)
    {
        while (true)
        {
            var place = await places.TakeAsync(stop);
            var settings = UnitSettings.Of(definition, wanted, place, options.Scope);
            try
            {
                // Not to be cancelled: the engine would make the container all the same, and nobody would know of it.
                var created = await engine.CallAsync(
                    (client, token) => client.Containers.CreateContainerAsync(settings, token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
                return created.ID;
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound && EngineMessage.Of(e).Contains("network", StringComparison.Ordinal))
            {
                // Somebody removed it. It is made anew.
                network.Forget();
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
            {
                // The name is taken: by another Deployster, which was quicker, or by somebody else.
                switch (await containers.InspectAsync(settings.Name!))
                {
                    case { } holder when ContainerLabels.ReadUnit(holder.Config?.Labels, options.Scope) == definition.Name:
                        if (!await containers.WantAsync(holder, wanted, stop))
                        {
                            return null;
                        }

                        if (holder.State is not { Status: "created", Error.Length: > 0 })
                        {
                            return holder.ID;
                        }

                        // It could not be started before, and may never be: an engine that was killed meanwhile can hold
                        // on to what was begun of it. Nobody can have used it yet, so that another one takes its place.
                        await containers.RemoveAsync(holder.ID);
                        break;
                    case not null:
                        throw;
                }
            }
            finally
            {
                places.Release(place);
            }

            // The holder is just coming or going.
            await Task.Delay(s_pause, stop);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The container {Id} could not be started: {Refusal}")]
    private partial void LogRefused(string id, string refusal);
}
