using System.Collections.Concurrent;
using System.Net;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>Marks units, and removes those that are marked.</summary>
internal sealed partial class UnitRemover(DockerEngine engine, UnitReader reader, TimeProvider time, ILogger<UnitRemover> logger)
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    // What docker stop gives a container that does not say.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<UnitName, Lazy<Task>> _removals = new();

    /// <summary>Whether a unit is being removed.</summary>
    public bool IsRemoving(UnitName unit) => _removals.ContainsKey(unit);

    /// <summary>Marks a unit's containers.</summary>
    public async Task MarkAsync(UnitName unit, CancellationToken cancellationToken)
    {
        var policy = new ContainerUpdateParameters { RestartPolicy = UnitSettings.Gone };
        foreach (var id in await reader.FindAsync(unit, cancellationToken))
        {
            await DoUnlessGoneAsync(
                (client, token) => client.Containers.UpdateContainerAsync(id, policy, token), DockerEngine.WorkLimit, cancellationToken);
            reader.Forget(id);
        }
    }

    /// <summary>
    /// Stops and removes a unit, if it is marked. It goes on when the caller does not wait any longer: one that is stopped
    /// and still there is of no use to anybody.
    /// </summary>
    public async Task RemoveAsync(UnitName unit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var removal = _removals.GetOrAdd(unit, name => new Lazy<Task>(() => Task.Run(() => RunAsync(name), CancellationToken.None)));
        await removal.Value.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(UnitName unit)
    {
        try
        {
            foreach (var id in await reader.FindAsync(unit, CancellationToken.None))
            {
                await RemoveAsync(unit, id);
            }
        }
        finally
        {
            _removals.TryRemove(unit, out _);
        }
    }

    private async Task RemoveAsync(UnitName unit, string id)
    {
        var begun = time.GetTimestamp();
        var removal = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
        while (await InspectAsync(id) is { } container)
        {
            if (!UnitFacts.Of(unit, container).IsMarked)
            {
                LogNotMarked(unit);
                return;
            }

            var grace = container.Config?.StopTimeout ?? s_grace;
            await DoUnlessGoneAsync(
                (client, token) => client.Containers.StopContainerAsync(id, new ContainerStopParameters(), token),
                grace + DockerEngine.WorkLimit,
                CancellationToken.None);
            var isDone = await DoUnlessGoneAsync(
                (client, token) => client.Containers.RemoveContainerAsync(id, removal, token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
            if (!isDone && time.GetElapsedTime(begun) > grace + DockerEngine.WorkLimit)
            {
                throw new FleetUnavailableException(engine.Address, $"the removal of {unit} does not come to its end");
            }

            await Task.Delay(isDone ? TimeSpan.Zero : s_pause, time, CancellationToken.None);
        }
    }

    private async Task<ContainerInspectResponse?> InspectAsync(string id)
    {
        try
        {
            return await engine.AskAsync((client, token) => client.Containers.InspectContainerAsync(id, token), CancellationToken.None);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Has the engine do something with a container; false where that is just being removed by somebody else.</summary>
    private async Task<bool> DoUnlessGoneAsync(
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

    [LoggerMessage(LogLevel.Warning, "{Unit} is not marked to go, and so is left alone")]
    private partial void LogNotMarked(UnitName unit);
}
