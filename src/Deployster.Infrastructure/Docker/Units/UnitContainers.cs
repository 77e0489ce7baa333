using System.Net;
using Deployster.Application.Fleet;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Has the engine change units' containers. One that is gone, or just going, is no failure.</summary>
internal sealed class UnitContainers(DockerEngine engine, UnitReader reader, TimeProvider time)
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    // What docker stop gives a container that does not say.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>All that the engine tells of a container; null where it has none of that name.</summary>
    /// <param name="container">Its id or its name.</param>
    public async Task<ContainerInspectResponse?> InspectAsync(string container)
    {
        try
        {
            return await engine.AskAsync(
                (client, token) => client.Containers.InspectContainerAsync(container, token), CancellationToken.None);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes down with a container what is wanted of it, which neither starts nor stops it. One that is marked to go stays
    /// marked.
    /// </summary>
    /// <returns>Whether that is wanted of it now; false where it is marked.</returns>
    public async Task<bool> WantAsync(ContainerInspectResponse container, Wanted wanted, CancellationToken cancellationToken)
    {
        var before = RestartPolicies.Read(container.HostConfig?.RestartPolicy);
        if (before != Wanted.Gone && before != wanted)
        {
            await WriteAsync(container.ID, wanted, cancellationToken);
        }

        return before != Wanted.Gone;
    }

    /// <summary>Marks a container to go.</summary>
    public Task MarkAsync(string id, CancellationToken cancellationToken) => WriteAsync(id, Wanted.Gone, cancellationToken);

    /// <summary>How long a container is given to end by itself once it is stopped.</summary>
    public static TimeSpan GraceOf(ContainerInspectResponse container) => container.Config?.StopTimeout ?? s_grace;

    /// <summary>Stops a container, and waits for its end.</summary>
    public Task StopAsync(string id, TimeSpan grace) => ChangeAsync(
        id,
        (client, token) => client.Containers.StopContainerAsync(id, new ContainerStopParameters(), token),
        grace + DockerEngine.WorkLimit,
        CancellationToken.None);

    /// <summary>Stops a container and starts it again. For the engine that is one thing: it is never stopped for good.</summary>
    public Task RestartAsync(string id, TimeSpan grace) => ChangeAsync(
        id,
        (client, token) => client.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), token),
        grace + DockerEngine.WorkLimit,
        CancellationToken.None);

    /// <summary>Removes a container by force; false where somebody else is just doing so.</summary>
    public Task<bool> RemoveAsync(string id) => DoAsync(
        (client, token) => client.Containers.RemoveContainerAsync(
            id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token),
        DockerEngine.WorkLimit,
        CancellationToken.None);

    private Task WriteAsync(string id, Wanted wanted, CancellationToken cancellationToken) => ChangeAsync(
        id,
        (client, token) => client.Containers.UpdateContainerAsync(
            id, new ContainerUpdateParameters { RestartPolicy = RestartPolicies.For(wanted) }, token),
        DockerEngine.WorkLimit,
        cancellationToken);

    // What was known of the container before is outdated.
    private async Task ChangeAsync(
        string id, Func<IDockerClient, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        await DoAsync(call, limit, cancellationToken);
        reader.Forget(id);
    }

    private async Task<bool> DoAsync(
        Func<IDockerClient, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await engine.DoAsync(call, limit, cancellationToken);
                return true;
            }
            catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                return e.StatusCode == HttpStatusCode.NotFound;
            }
            catch (DockerApiException e) when (attempt == Attempts)
            {
                throw new FleetUnavailableException(engine.Address, EngineMessage.Of(e), e);
            }
            catch (DockerApiException)
            {
                // A container that ends at this very moment can neither be updated nor stopped; a moment later it can.
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }
}
