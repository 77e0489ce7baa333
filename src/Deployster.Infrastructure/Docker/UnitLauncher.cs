using System.Net;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>Makes a unit's container and starts it.</summary>
internal sealed class UnitLauncher(DockerEngine engine, ImagePulls pulls, DockerOptions options) : IDisposable
{
    // An engine that starts many containers at once starts none of them soon.
    private const int Parallelism = 8;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _slots = new(Parallelism);

    /// <summary>Pulls the image where that is asked for, makes the container and starts it.</summary>
    public async Task LaunchAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        await pulls.EnsureAsync(definition.Intention.Image, cancellationToken);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var id = await CreateAsync(definition);
            cancellationToken.ThrowIfCancellationRequested();
            await StartAsync(id);
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

    // Not to be cancelled: the engine would make the container all the same, and nobody would know of it.
    private async Task<string> CreateAsync(UnitDefinition definition)
    {
        var settings = ContainerSettings.Of(definition, options.Publish);
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
