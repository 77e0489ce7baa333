using System.Globalization;
using System.Net;
using Deployster.Application.Fleet;
using Deployster.Domain.Names;
using Deployster.Domain.Units;
using Deployster.Infrastructure.Docker.Engine;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Deployster.Infrastructure.Docker;

/// <summary>The machine's Docker Engine as a fleet of one. A unit is a container.</summary>
internal sealed class DockerFleetClient(
    DockerEngine engine,
    UnitContainers containers,
    PendingUnits pending,
    UnitLauncher launcher,
    HealthProbes probes,
    EndedRuns endedRuns,
    DockerOptions options) : IFleetClient
{
    private const int Attempts = 5;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    // What docker stop gives a container that does not say.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private string? _machine;

    public string Kind => "docker";

    public async Task<IReadOnlyList<FleetUnit>> ListUnitsAsync(CancellationToken cancellationToken)
    {
        var machine = await GetMachineAsync(cancellationToken);
        var (waiting, made) = await ReadAsync(cancellationToken);
        return
        [
            .. waiting.Values.Select(unit => new FleetUnit(unit.Name, unit.TargetState, TargetState.Inactive, machine, unit.Intention)),
            .. made.Select(unit => new FleetUnit(
                unit.Name, unit.TargetState, unit.IsStarted ? TargetState.Launched : TargetState.Loaded, machine, unit.Intention)),
        ];
    }

    public async Task<IReadOnlyList<UnitState>> ListUnitStatesAsync(CancellationToken cancellationToken)
    {
        var machine = await GetMachineAsync(cancellationToken);
        var (waiting, made) = await ReadAsync(cancellationToken);
        foreach (var forsaken in made.Where(unit => unit is { IsFresh: true, TargetState: TargetState.Launched }))
        {
            // A Deployster that was killed has made it, and come no further.
            Start(forsaken);
        }

        var targets = made.Select(ProbeTarget.Of).OfType<ProbeTarget>().ToList();
        var complaints = await probes.FindComplaintsAsync(targets, cancellationToken);
        var states = await Task.WhenAll(made.Select(unit => WithLastEndAsync(
            unit, ContainerStates.Of(unit, machine, complaints.GetValueOrDefault(unit.Id, HealthProbes.NotYet)), cancellationToken)));
        return [.. waiting.Values.Select(unit => ContainerStates.Of(unit, machine)), .. states];
    }

    public async Task<IReadOnlyList<Machine>> ListMachinesAsync(CancellationToken cancellationToken) =>
        [new Machine(await GetMachineAsync(cancellationToken), null)];

    public async Task LaunchUnitAsync(UnitDefinition definition, CancellationToken cancellationToken)
    {
        if (await containers.FindAsync(definition.Name, cancellationToken) is null)
        {
            pending.Begin(new PendingUnit(definition.Name, definition.Intention), stop => launcher.LaunchAsync(definition, stop));
        }
    }

    public async Task SetTargetStateAsync(UnitName unit, TargetState targetState, CancellationToken cancellationToken)
    {
        await pending.SetTargetStateAsync(unit, targetState);
        if (await containers.FindAsync(unit, cancellationToken) is not { } container)
        {
            return;
        }

        var policy = new ContainerUpdateParameters { RestartPolicy = ContainerSettings.PolicyOf(targetState) };
        await DoUnlessGoneAsync(
            (client, token) => client.Containers.UpdateContainerAsync(container.Id, policy, token),
            DockerEngine.WorkLimit,
            cancellationToken);
        if (targetState == TargetState.Launched && !container.IsStarted)
        {
            Start(container);
        }
    }

    public async Task DestroyUnitAsync(UnitName unit, CancellationToken cancellationToken)
    {
        await pending.ForgetAsync(unit);
        var removal = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
        while (await containers.FindAsync(unit, cancellationToken) is { } container)
        {
            await DoUnlessGoneAsync(
                (client, token) => client.Containers.StopContainerAsync(container.Id, new ContainerStopParameters(), token),
                (container.Container.Config?.StopTimeout ?? s_grace) + DockerEngine.WorkLimit,
                cancellationToken);
            var isDone = await DoUnlessGoneAsync(
                (client, token) => client.Containers.RemoveContainerAsync(container.Id, removal, token),
                DockerEngine.WorkLimit,
                cancellationToken);
            if (!isDone)
            {
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    public async Task<IReadOnlyList<string>> ReadLastLinesAsync(UnitName unit, int count, CancellationToken cancellationToken)
    {
        if (await containers.FindAsync(unit, cancellationToken) is not { } container)
        {
            return [];
        }

        try
        {
            return await engine.CallAsync(
                (client, token) => ReadLastLinesAsync(client, container.Id, count, token), options.AnswerLimit, cancellationToken);
        }
        catch (DockerApiException)
        {
            // A log driver that cannot be read, or a container that is just going.
            return [];
        }
    }

    public IReadOnlyList<UnitOption> Describe(UnitDefinition definition) => ContainerSettings.Describe(definition, options.Publish);

    private static async Task<IReadOnlyList<string>> ReadLastLinesAsync(
        IDockerClient client, string id, int count, CancellationToken cancellationToken)
    {
        var tail = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Tail = count.ToString(CultureInfo.InvariantCulture),
        };
        using var log = await client.Containers.GetContainerLogsAsync(id, tail, cancellationToken);
        var lines = await LogLines.ReadAsync(log, cancellationToken).ToListAsync(cancellationToken);
        return [.. lines.TakeLast(count)];
    }

    // In this order: a unit that has left the first has come to the second.
    private async Task<(IReadOnlyDictionary<UnitName, PendingUnit> Waiting, IReadOnlyList<UnitContainer> Made)> ReadAsync(
        CancellationToken cancellationToken)
    {
        var waiting = pending.Snapshot();
        return (waiting, await containers.ListAsync(waiting.Keys.ToHashSet(), cancellationToken));
    }

    // Why a unit is in a crash loop is of more interest than that it does not answer yet.
    private async Task<UnitState> WithLastEndAsync(UnitContainer unit, UnitState state, CancellationToken cancellationToken) =>
        state is { Sub: "start-post", Restarts: > 0 } && await endedRuns.FindLastEndAsync(unit, cancellationToken) is { } end
            ? state with { Detail = $"{end} before; now {state.Detail}" }
            : state;

    private async Task<string> GetMachineAsync(CancellationToken cancellationToken) =>
        _machine ??= (await engine.AskAsync((client, token) => client.System.GetSystemInfoAsync(token), cancellationToken)).Name ?? "docker";

    private void Start(UnitContainer container) =>
        pending.Begin(new PendingUnit(container.Name, container.Intention), _ => launcher.StartAsync(container.Id));

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
