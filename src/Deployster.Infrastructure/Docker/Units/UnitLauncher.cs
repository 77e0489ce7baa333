using System.Net;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Makes a unit's container and starts it.</summary>
internal sealed class UnitLauncher(DockerEngine engine, DeployImages images, PublishedPorts ports, DockerOptions options) : IDisposable
{
    // An engine that starts many containers at once starts none of them soon.
    private const int Parallelism = 8;
    private const int MostPortsTried = 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _slots = new(Parallelism);

    /// <summary>Sees to the image, makes the container and starts it.</summary>
    public async Task LaunchAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        var image = await images.ResolveAsync(definition, cancellationToken);
        definition = definition with { Intention = definition.Intention with { ImageId = image } };
        await _slots.WaitAsync(cancellationToken);
        try
        {
            for (var tried = 1; !await TryLaunchAsync(definition, isLast: tried == MostPortsTried, cancellationToken); tried++)
            {
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Starts a container. One that runs is left alone, and so is one that is gone.</summary>
    public async Task StartAsync(string id)
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
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>False where somebody else took the port meanwhile: another one is to be tried.</summary>
    private async Task<bool> TryLaunchAsync(UnitDefinition definition, bool isLast, CancellationToken cancellationToken)
    {
        var id = await CreateAsync(definition, await ports.TakeAsync(cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await StartAsync(id);
            return true;
        }
        catch (DockerApiException e) when (!isLast && IsAboutPort(EngineMessage.Of(e)))
        {
            await engine.DoAsync(
                (client, token) => client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
            return false;
        }
    }

    private static bool IsAboutPort(string message) =>
        message.Contains("port is already allocated", StringComparison.OrdinalIgnoreCase)
        || message.Contains("address already in use", StringComparison.OrdinalIgnoreCase);

    // Not to be cancelled: the engine would make the container all the same, and nobody would know of it.
    private async Task<string> CreateAsync(UnitDefinition definition, int port)
    {
        var settings = ContainerSettings.Of(definition, options.Publish, port);
        while (true)
        {
            try
            {
                var created = await engine.CallAsync(
                    (client, token) => client.Containers.CreateContainerAsync(settings, token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
                return created.ID;
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
            {
                // The name is taken: by another Deployster, which was quicker, or by somebody else.
                switch (await FindHolderAsync(settings.Name!))
                {
                    case { Config.Labels: var labels, ID: var id } when ContainerLabels.ReadUnit(labels) == definition.Name:
                        return id;
                    case not null:
                        throw;
                }
            }

            // The holder is just coming or going.
            await Task.Delay(s_pause);
        }
    }

    private async Task<ContainerInspectResponse?> FindHolderAsync(string name)
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
}
