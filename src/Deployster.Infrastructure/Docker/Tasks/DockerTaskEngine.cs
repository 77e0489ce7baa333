using System.Net;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Application.Tasks;
using Deployster.Domain.Tasks;
using Deployster.Infrastructure.Docker.Engine;
using Deployster.Infrastructure.Docker.Images;
using Deployster.Infrastructure.Docker.Networks;
using Deployster.Infrastructure.Docker.Units;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Tasks;

/// <summary>Runs tasks on a Docker Engine.</summary>
internal sealed class DockerTaskEngine(DockerEngine engine, ImagePulls pulls, FurtherNetworks further, TaskContainers containers) : ITaskEngine
{
    private static readonly ContainerAttachParameters s_attached = new() { Stream = true, Stdout = true, Stderr = true };

    private static readonly string[] s_wordsForCredentials =
        ["no basic auth credentials", "unauthorized", "authentication required", "access denied"];

    public async Task<TaskImage> PrepareImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await pulls.EnsureAsync(image, cancellationToken);
            var inspected = await engine.AskAsync(
                (client, token) => client.Images.InspectImageAsync(image, token), cancellationToken);
            return new TaskImage(inspected.ID, [.. inspected.Config?.Entrypoint ?? []]);
        }
        catch (ImagePullException e)
        {
            throw new TaskRefusedException(IsAboutCredentials(e.Message)
                ? $"The registry of {image} wants credentials, and what 'docker login' has stored for Deployster does not do: {e.Message}"
                : $"The image {image} cannot be pulled: {e.Message}", e.MayPass);
        }
        catch (DockerImageNotFoundException)
        {
            throw new TaskRefusedException($"The image {image} does not exist.");
        }
    }

    public async Task<IOutputReader> StartAsync(TaskDefinition task, CancellationToken cancellationToken)
    {
        var name = containers.NameOf(task.Record.Id);
        var settings = await containers.DescribeAsync(task, cancellationToken);
        try
        {
            // Not to be cancelled: the engine would go on all the same, and its container would come after its removal.
            var created = await engine.CallAsync(
                (client, token) => client.Containers.CreateContainerAsync(settings, token), DockerEngine.WorkLimit, CancellationToken.None);
            await further.JoinAsync(created.ID, task.Spec, settings.HostConfig!.NetworkMode!);
            var output = await engine.CallAsync(
                (client, token) => client.Containers.AttachContainerAsync(name, s_attached, token), DockerEngine.WorkLimit, cancellationToken);
            try
            {
                await engine.DoAsync(
                    (client, token) => client.Containers.StartContainerAsync(name, new ContainerStartParameters(), token),
                    DockerEngine.WorkLimit,
                    CancellationToken.None);
                return new ContainerLog(output, engine);
            }
            catch
            {
                output.Dispose();
                throw;
            }
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            throw new TaskExistsException(task.Record.Id);
        }
        catch (DockerApiException e)
        {
            throw new TaskRefusedException(EngineMessage.Of(e), e.StatusCode >= HttpStatusCode.InternalServerError);
        }
    }

    public Task<IOutputReader> ReadLogAsync(TaskId id, bool fromStart, CancellationToken cancellationToken) =>
        ContainerLog.OpenAsync(engine, containers.NameOf(id), fromStart ? null : 0, follow: true, cancellationToken);

    public async Task<int> WaitAsync(TaskId id, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await engine.CallAsync(
                (client, token) => client.Containers.WaitContainerAsync(containers.NameOf(id), token),
                Timeout.InfiniteTimeSpan,
                cancellationToken);
            return (int)ended.StatusCode;
        }
        catch (DockerContainerNotFoundException)
        {
            throw new NotFoundException($"The container of task {id} is gone.");
        }
        catch (DockerApiException e)
        {
            // An engine that is being shut down ends its answer without having given it.
            throw new FleetUnavailableException(engine.Address, e.Message, e);
        }
    }

    public async Task StopAsync(TaskId id, CancellationToken cancellationToken)
    {
        var grace = TimeSpan.Zero;
        await DoUnlessGoneAsync(
            async (client, token) => grace = UnitContainers.GraceOf(await client.Containers.InspectContainerAsync(containers.NameOf(id), token)),
            DockerEngine.WorkLimit,
            cancellationToken);
        await DoUnlessGoneAsync(
            (client, token) => client.Containers.StopContainerAsync(containers.NameOf(id), new ContainerStopParameters(), token),
            grace + DockerEngine.WorkLimit,
            cancellationToken);
    }

    public Task RemoveAsync(TaskId id, CancellationToken cancellationToken) =>
        DoUnlessGoneAsync(
            (client, token) => client.Containers.RemoveContainerAsync(
                containers.NameOf(id), new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token),
            DockerEngine.WorkLimit,
            cancellationToken);

    public Task<IReadOnlyList<TaskContainer>> ListAsync(CancellationToken cancellationToken) => containers.ListAsync(cancellationToken);

    private static bool IsAboutCredentials(string message) =>
        s_wordsForCredentials.Any(words => message.Contains(words, StringComparison.OrdinalIgnoreCase));

    private async Task DoUnlessGoneAsync(
        Func<IDockerClient, CancellationToken, Task> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await engine.DoAsync(call, limit, cancellationToken);
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or just being removed.
        }
        catch (DockerApiException e)
        {
            throw new FleetUnavailableException(engine.Address, EngineMessage.Of(e), e);
        }
    }
}
