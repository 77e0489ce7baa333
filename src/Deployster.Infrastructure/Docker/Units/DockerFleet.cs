using System.Net;
using Deployster.Application.Errors;
using Deployster.Application.Fleet;
using Deployster.Application.Output;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker.Units;

/// <summary>
/// The machine's Docker Engine as a fleet of one. A unit is a container. It is wanted gone where its restart policy is
/// <c>no</c>, and stopped where it was stopped.
/// </summary>
internal sealed class DockerFleet(
    DockerEngine engine,
    UnitContainers containers,
    PendingUnits pending,
    UnitLauncher launcher,
    EndedRuns endedRuns,
    DockerOptions options) : IFleetClient
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    // What docker stop gives a container that does not say.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private string? _machine;

    public FleetTraits Traits { get; } = new("docker")
    {
        KeepsLogs = true,
        TellsEndpoints = true,
        TellsChanges = true,
        Restarts = true,
    };

    public async Task<IReadOnlyList<Unit>> ReadAsync(CancellationToken cancellationToken)
    {
        var machine = await GetMachineAsync(cancellationToken);

        // Read pending units first: a unit leaves that list only after its container exists.
        var waiting = pending.Snapshot();
        var made = await containers.ListAsync(waiting.Keys.ToHashSet(), cancellationToken);
        var ended = await Task.WhenAll(made.Select(unit => endedRuns.FindLastEndAsync(unit, cancellationToken)));
        return
        [
            .. waiting.Values.Select(unit => DockerUnits.Of(unit, machine)),
            .. made.Zip(ended, (unit, end) => DockerUnits.Of(unit, machine, end)),
        ];
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken) =>
        [new Machine(await GetMachineAsync(cancellationToken), null)];

    public async Task ApplyAsync(DeployTarget target, CancellationToken cancellationToken)
    {
        // What was made since the reading must not be made twice.
        var machine = await GetMachineAsync(cancellationToken);
        var waiting = pending.Snapshot().Values.Where(unit => unit.Name.Deploy == target.Deploy).ToList();
        var made = (await containers.ListAsync(target.Deploy, cancellationToken)).ToDictionary(unit => unit.Name);
        var seen = made.Values.Select(unit => DockerUnits.Of(unit, machine, null))
            .Concat(waiting.Where(unit => !made.ContainsKey(unit.Name)).Select(unit => DockerUnits.Of(unit, machine)));
        var steps = UnitSteps.To(target with { Seen = [.. seen] });
        foreach (var definition in steps.Make)
        {
            pending.Begin(definition.Name, definition.Intention, stop => launcher.LaunchAsync(definition, stop));
        }

        foreach (var unit in steps.Start)
        {
            Start(unit, made.GetValueOrDefault(unit), waiting.Find(other => other.Name == unit)?.Intention);
        }

        await Task.WhenAll(steps.Stop.Where(made.ContainsKey).Select(unit => StopAsync(made[unit])));
    }

    public async Task MarkGoneAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        await Task.WhenAll(units.Select(unit => MarkGoneAsync(unit, cancellationToken)));

    public async Task DestroyAsync(IReadOnlyCollection<UnitName> units, CancellationToken cancellationToken) =>
        await Task.WhenAll(units.Select(unit => DestroyAsync(unit, cancellationToken)));

    public async Task<IOutputReader> OpenLogAsync(UnitName unit, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var container = await containers.FindAsync(unit, cancellationToken)
            ?? throw new NotFoundException($"{unit} has no container yet, and so has written nothing.");
        return await UnitLog.OpenAsync(engine, container.Id, tail, follow, cancellationToken);
    }

    public IAsyncEnumerable<UnitName> WatchAsync(CancellationToken cancellationToken) => UnitEvents.WatchAsync(engine, cancellationToken);

    public IReadOnlyList<UnitOption> Preview(UnitDefinition definition) =>
        ContainerSettings.Describe(definition, options.Publish, options.PublishPorts);

    private void Start(UnitName unit, UnitContainer? container, Intention? intention)
    {
        if (container is not null)
        {
            pending.Begin(unit, container.Intention, _ => launcher.StartAsync(container.Id));
        }
        else if (intention is not null)
        {
            // It could not be made before.
            var definition = new UnitDefinition(unit, intention);
            pending.Begin(unit, intention, stop => launcher.LaunchAsync(definition, stop));
        }
    }

    private async Task MarkGoneAsync(UnitName unit, CancellationToken cancellationToken)
    {
        await pending.ForgetAsync(unit);
        if (await containers.FindAsync(unit, cancellationToken) is { } container)
        {
            var gone = new ContainerUpdateParameters { RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No } };
            await DoUnlessGoneAsync(
                (client, token) => client.Containers.UpdateContainerAsync(container.Id, gone, token), DockerEngine.WorkLimit, cancellationToken);
        }
    }

    // Once it has begun it is not cut off: a unit that was stopped and not removed is neither there nor gone.
    private async Task DestroyAsync(UnitName unit, CancellationToken cancellationToken)
    {
        var removal = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
        while (await containers.FindAsync(unit, cancellationToken) is { IsGone: true } container)
        {
            await StopAsync(container);
            var isDone = await DoUnlessGoneAsync(
                (client, token) => client.Containers.RemoveContainerAsync(container.Id, removal, token),
                DockerEngine.WorkLimit,
                CancellationToken.None);
            if (!isDone)
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    private Task<bool> StopAsync(UnitContainer container) => DoUnlessGoneAsync(
        (client, token) => client.Containers.StopContainerAsync(container.Id, new ContainerStopParameters(), token),
        (container.Container.Config?.StopTimeout ?? s_grace) + DockerEngine.WorkLimit,
        CancellationToken.None);

    private async Task<string> GetMachineAsync(CancellationToken cancellationToken) =>
        _machine ??= (await engine.AskAsync((client, token) => client.System.GetSystemInfoAsync(token), cancellationToken)).Name ?? "docker";

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
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }
}
