using System.Net;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Makes units' containers, starts and stops them.</summary>
internal sealed partial class UnitMaker(
    DockerEngine engine, UnitImages images, UnitPorts ports, UnitReader reader, ILogger<UnitMaker> logger) : IDisposable
{
    // An engine that starts many containers at once starts none of them soon.
    private const int Parallelism = 8;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _slots = new(Parallelism);

    /// <summary>Sees to the image, makes the container where there is none, and starts it.</summary>
    public async Task<bool> MakeAsync(UnitDefinition definition, CancellationToken stop)
    {
        var image = await images.GetIdAsync(definition, stop);
        var pinned = definition with { Intention = definition.Intention with { ImageId = image } };
        await _slots.WaitAsync(stop);
        try
        {
            while (true)
            {
                var id = await CreateAsync(pinned, stop);
                stop.ThrowIfCancellationRequested();
                if (await TryStartAsync(id))
                {
                    return true;
                }

                // Nobody can have used it yet, so that nobody misses its port.
                await engine.DoAsync(
                    (client, token) => client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Starts a container that has run before. One that runs is left alone, and so is one that is gone.</summary>
    public async Task<bool> StartAsync(string id, CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        try
        {
            await TryStartAsync(id);
            return true;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Stops a unit's container; false where it has none that has run.</summary>
    public async Task<bool> StopAsync(UnitName unit, CancellationToken stop)
    {
        var facts = (await reader.ReadAsync(unit.Deploy.Service, stop)).FirstOrDefault(facts => facts.Name == unit);
        if (facts is null or { IsFresh: true })
        {
            return false;
        }

        try
        {
            await engine.DoAsync(
                (client, token) => client.Containers.StopContainerAsync(facts.Id, new ContainerStopParameters(), token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // Gone: the next reading tells.
        }

        reader.Forget(facts.Id);
        return true;
    }

    public void Dispose() => _slots.Dispose();

    private static bool IsPortTaken(DockerApiException refusal) =>
        EngineMessage.Of(refusal) is var words
        && (words.Contains("port is already allocated", StringComparison.Ordinal)
            || words.Contains("address already in use", StringComparison.Ordinal));

    /// <summary>Starts a container; false where its port is somebody else's and it has never run.</summary>
    private async Task<bool> TryStartAsync(string id)
    {
        try
        {
            await engine.DoAsync(
                (client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or just being removed.
        }
        catch (DockerApiException e)
        {
            // The engine has written it down with the container, from where readings have it.
            LogRefused(id, EngineMessage.Of(e));
            if (IsPortTaken(e) && await InspectAsync(id) is { State.Status: "created" })
            {
                return false;
            }
        }

        reader.Forget(id);
        return true;
    }

    private async Task<string> CreateAsync(UnitDefinition definition, CancellationToken stop)
    {
        while (true)
        {
            var endpoint = await ports.TakeAsync(stop);
            var settings = UnitSettings.Of(definition, endpoint);
            try
            {
                // Not to be cancelled: the engine would make the container all the same, and nobody would know of it.
                var created = await engine.CallAsync(
                    (client, token) => client.Containers.CreateContainerAsync(settings, token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
                return created.ID;
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
            {
                // The name is taken: by another Deployster, which was quicker, or by somebody else.
                switch (await InspectAsync(settings.Name!))
                {
                    case { Config.Labels: var labels, ID: var id } when ContainerLabels.ReadUnit(labels) == definition.Name:
                        return id;
                    case not null:
                        throw;
                }
            }
            finally
            {
                ports.Release(endpoint);
            }

            // The holder is just coming or going.
            await Task.Delay(s_pause, stop);
        }
    }

    private async Task<ContainerInspectResponse?> InspectAsync(string name)
    {
        try
        {
            return await engine.AskAsync(
                (client, token) => client.Containers.InspectContainerAsync(name, token), CancellationToken.None);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The container {Id} could not be started: {Refusal}")]
    private partial void LogRefused(string id, string refusal);
}
